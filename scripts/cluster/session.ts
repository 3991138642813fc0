// Our own connections to a member. None of them may ever hang: neither on a frozen server nor on a commit
// that waits for a standby.
import postgres from 'postgres'
import { within } from '@/lib/in-time'

export type Sql = postgres.Sql

export interface Address {
  port: number
  user: string
  password: string
  /** The maintenance database, if left out. */
  database?: string
}

/** Opens a client of one connection; it connects at the first query. */
export function connect(address: Address): Sql {
  return postgres({
    host: '127.0.0.1',
    port: address.port,
    username: address.user,
    password: address.password,
    database: address.database ?? 'postgres',
    ssl: false,
    max: 1,
    // A backup belongs to its session, so the session must not be recycled.
    max_lifetime: null,
    connect_timeout: 2,
    fetch_types: false,
    prepare: false,
    onnotice: () => {},
    connection: { application_name: 'holdfast-cluster', synchronous_commit: 'local', TimeZone: 'UTC' },
  })
}

/** A connection that is opened when needed and thrown away at the first error. */
export class Session {
  private client: Sql | null = null

  constructor(private readonly address: Address) {}

  /** Runs `work`; rejects when that is not done within `timeoutMs` milliseconds, also when the server is frozen. */
  async run<T>(work: (sql: Sql) => Promise<T>, timeoutMs = 1500): Promise<T> {
    this.client ??= connect(this.address)
    const client = this.client
    try {
      return await within(timeoutMs, () => work(client))
    } catch (error) {
      if (this.client === client) this.close()
      throw error
    }
  }

  /** Drops the connection at once; the next `run` opens another. */
  close(): void {
    this.client?.end({ timeout: 0 }).catch(() => {})
    this.client = null
  }
}
