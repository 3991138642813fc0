import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema'

/** What a query runs on: a pool or a transaction. */
export type Db = PgDatabase<
  PostgresJsQueryResultHKT,
  typeof schema,
  ExtractTablesWithRelations<typeof schema>
>

/** A statement that was given to the driver, as far as it can be followed; it can be waited for, as well. */
export interface Statement extends PromiseLike<unknown> {
  /** Whether the server works on it. */
  active: boolean
  /** The connection that it was sent over. */
  state: { pid: number } | null
}

export interface Connection {
  db: Db
  /** The same over the same connections, that tells of each statement before it is sent: what throws then keeps it back. */
  watched(onStatement: (statement: Statement) => void): Db
  /** The driver below Drizzle, for what needs a connection of its own: COPY, session locks, benchmarks. */
  sql: postgres.Sql
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Connections at the most. */
  max?: number
  /** Shown in pg_stat_activity. */
  name?: string
  onWarning?: (message: string) => void
  /**
   * Whether arrays are read and written. The driver asks each new connection for their types first, and nobody can catch that
   * question's failure: what is opened again and again while servers die goes without.
   */
  arrays?: boolean
  /**
   * Whether its connections are kept however long they are idle or old, and waited for longer than a request can: a base
   * backup belongs to its session, and may be asked of a server that is busy.
   */
  lasting?: boolean
  /** The folder of a server's Unix socket, in place of the address's host. */
  socket?: string
  /** The server stops a statement that takes longer, in seconds: SQLSTATE 57014. */
  limitSeconds?: number
  /** Where names without a schema are looked for; a role's own setting, if left out. */
  searchPath?: string
}

/** Seconds until a connection that was lost is tried again; the driver's own wait grows to 20. */
const RETRY_SECONDS = 0.2

/** Opens a pool for one server's address, such as `postgres://user:password@host:5432/holdfast`. */
export function connect(address: string, options: ConnectOptions = {}): Connection {
  const sql = postgres(address, {
    max: options.max ?? 10,
    connect_timeout: options.lasting ? 30 : 3,
    idle_timeout: options.lasting ? 0 : 60,
    ...(options.lasting && { max_lifetime: null }),
    ...(options.socket && { host: options.socket, port: 5432 }),
    fetch_types: options.arrays ?? true,
    backoff: () => RETRY_SECONDS,
    connection: {
      application_name: options.name ?? 'holdfast',
      TimeZone: 'UTC',
      ...(options.limitSeconds && { statement_timeout: options.limitSeconds * 1_000 }),
      ...(options.searchPath && { search_path: options.searchPath }),
    },
    onnotice: (notice) => {
      if (notice.severity === 'WARNING') options.onWarning?.(notice.message ?? '')
    },
  })
  return {
    db: drizzle(sql, { schema }),
    watched: (onStatement) => drizzle(watch(sql, onStatement), { schema }),
    sql,
    close: () => sql.end({ timeout: 5 }),
  }
}

/** The driver as Drizzle uses it: all statements are made by `unsafe`, in transactions as well. */
function watch(
  driver: postgres.Sql | postgres.TransactionSql,
  onStatement: (statement: Statement) => void,
): postgres.Sql {
  const sql = driver as postgres.Sql & postgres.TransactionSql
  const inside = (work: (tx: postgres.Sql) => unknown) => (tx: postgres.TransactionSql) =>
    work(watch(tx, onStatement))
  const instead: Record<string, unknown> = {
    unsafe: (...given: Parameters<postgres.Sql['unsafe']>) => {
      const statement = sql.unsafe(...given)
      onStatement(statement as unknown as Statement)
      return statement
    },
    begin: (work: (tx: postgres.Sql) => unknown) => sql.begin(inside(work)),
    savepoint: (work: (tx: postgres.Sql) => unknown) => sql.savepoint(inside(work)),
  }
  return new Proxy(sql, { get: (target, name) => instead[String(name)] ?? Reflect.get(target, name) })
}

/**
 * The servers that an address names, each with an address of its own: `postgres://u:p@a:1,b:2/holdfast` is two. The
 * driver can follow several hosts itself, but spins without an error while none of them leads.
 */
export function splitHosts(address: string): string[] {
  const match = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]+)(.*)$/.exec(address)
  if (!match) return [address]
  const [, head, hosts = '', tail] = match
  return hosts.split(',').map((host) => `${head}${host}${tail}`)
}

/** The address of another server with the same user, password and database: `host:port` in place of its hosts. */
export const atHost = (address: string, host: string): string =>
  address.replace(/^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)[^/?]+/, (_all, head: string) => `${head}${host}`)

/** The role that an address names. */
export const roleOf = (address: string): string =>
  decodeURIComponent(/^postgres(?:ql)?:\/\/([^:@/]*)(?::[^@/]*)?@/.exec(address)?.[1] ?? '')

/** The same address for another role, without a password. */
export const asRole = (address: string, role: string): string =>
  address.replace(
    /^(postgres(?:ql)?:\/\/)(?:[^@/]*@)?/,
    (_all, head: string) => `${head}${encodeURIComponent(role)}@`,
  )

/** The address of the server that takes writes, among those that an address names. @throws Error if none does */
export async function findLeader(address: string): Promise<string> {
  const addresses = splitHosts(address)
  const faults: unknown[] = []
  for (const one of addresses) {
    const { sql, close } = connect(one, { max: 1, name: 'holdfast find leader' })
    try {
      const [row] = await sql`select pg_is_in_recovery() as standby`
      if (row?.standby === false) return one
    } catch (error) {
      faults.push(error)
    } finally {
      await close()
    }
  }
  throw new NoLeader('No server of DATABASE_URL takes writes.', { cause: faults[0] })
}

/** No server of an address leads, or none was reached. */
export class NoLeader extends Error {}
