// What must outlive the supervisor: who leads, who is synchronous, the ports, the user that owns the files
// (state.json), and the generated passwords (secrets.json, for the owner's eyes only).
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeDurably } from '@/lib/durable'
import type { RunAs } from '@/lib/postgres/run-as'
import { dataFolder, type Home, isDataFolder, isStandby, MEMBERS, type MemberName } from './home'

export interface Ports {
  port: number
  restPort: number
}

export interface State {
  leader: MemberName
  /** The standby that has every acknowledged commit, or null when the leader acknowledges alone. */
  synchronous: MemberName | null
  /** Set once the leader was made; from then on initdb never runs again in this folder. */
  systemIdentifier: string | null
  runAs: RunAs | null
  ports: Partial<Record<MemberName, Ports>>
  /** The leader has been chosen, but perhaps not promoted yet. */
  promoting: boolean
  /** A leader that was put out: it stays down until it is made anew. */
  fenced: MemberName | null
  /** Nothing is brought back or made anew by itself. */
  paused: boolean
  /** The restored folder that is being put in the leader's place. */
  adopting: string | null
  scheduled: { at: string; from: MemberName; to: MemberName } | null
  /** Who was promoted at the end of each timeline. */
  leaders: Record<string, MemberName>
}

/** What state.json of an earlier version does not have. */
const added = {
  promoting: false,
  fenced: null,
  paused: false,
  adopting: null,
  scheduled: null,
  leaders: {},
}

export interface Secrets {
  /** The superuser's, who is ours alone. */
  password: string
  applicationPassword: string
  replicationPassword: string
  /** Of the orders of the REST API. */
  restPassword: string
}

/** state.json in memory; `update` resolves when the change is on disk, and changes are written in order. */
export class StateFile {
  private writing: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private state: State,
  ) {}

  /**
   * Reads state.json, or begins a new one. Throws when it is unreadable or data folders contradict each
   * other.
   */
  static open(home: Home): StateFile {
    if (!existsSync(home.state)) return new StateFile(home.state, firstState(home))
    try {
      return new StateFile(home.state, { ...added, ...JSON.parse(readFileSync(home.state, 'utf8')) } as State)
    } catch (error) {
      throw new Error(`${home.state} cannot be read: ${error instanceof Error ? error.message : error}`)
    }
  }

  get current(): Readonly<State> {
    return this.state
  }

  /** Changes some fields; the new values are visible here only after they are durable. */
  update(change: Partial<State>): Promise<void> {
    const write = this.writing.then(async () => {
      const next = { ...this.state, ...change }
      // PostgreSQL's user reads it, too: who does not lead archives nothing.
      await writeDurably(this.path, `${JSON.stringify(next, null, 2)}\n`, 0o644)
      this.state = next
    })
    this.writing = write.catch(() => {})
    return write
  }
}

/** The state of a folder without state.json: new, or one whose file was lost and whose leader can be told. */
function firstState(home: Home): State {
  const made = MEMBERS.filter((name) => isDataFolder(dataFolder(home, name)))
  const leaders = made.filter((name) => !isStandby(dataFolder(home, name)))
  if (made.length > 0 && leaders.length !== 1) {
    throw new Error(
      `${home.state} is missing and the data folders do not tell who led: restore it from a backup, or remove ` +
        'the data folder of the member that did not lead.',
    )
  }
  return {
    leader: leaders[0] ?? MEMBERS[0],
    synchronous: null,
    systemIdentifier: leaders.length === 1 ? 'unknown' : null,
    runAs: null,
    ports: {},
    ...added,
  }
}

/**
 * Reads secrets.json, or makes it (mode 0600). Throws when it is gone although the servers know the old
 * ones.
 */
export async function openSecrets(home: Home, made: boolean): Promise<Secrets> {
  const found = existsSync(home.secrets)
    ? (JSON.parse(readFileSync(home.secrets, 'utf8')) as Partial<Secrets>)
    : {}
  if (made && !found.password)
    throw new Error(`${home.secrets}, with the passwords of the cluster, is missing.`)
  const make = () => randomBytes(24).toString('base64url')
  const secrets = {
    password: make(),
    applicationPassword: make(),
    replicationPassword: make(),
    restPassword: make(),
    ...found,
  }
  // An earlier version had fewer.
  if (Object.keys(secrets).length === Object.keys(found).length) return secrets
  await writeDurably(home.secrets, `${JSON.stringify(secrets, null, 2)}\n`)
  return secrets
}
