import { type Connection, connect, type Db, splitHosts } from '@/db/connect'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

/** How often the servers are asked which of them leads, in milliseconds; at once after an error. */
const WATCH_MS = 1_000
const PROBE_TIMEOUT_MS = 1_500

interface Server {
  address: string
  /** Reads and writes of pages and routes. */
  web: Connection
  /** Only ingest uses this one, so that slow reads never stand in its way. */
  ingest: Connection
  probe: Connection
}

const state = () =>
  singleton('database', () => {
    const servers = splitHosts(env().DATABASE_URL).map(open)
    const made = { servers, leader: 0, probing: undefined as Promise<void> | undefined, unreplicated: 0 }
    if (servers.length > 1) setInterval(followLeader, WATCH_MS).unref()
    return made
  })

/** The leader: everything that is not ingest reads and writes here. */
export const leader = (): Db => current().web.db

/** Asks several questions of the leader that see the same records, whatever is written meanwhile. */
export const inSnapshot = <T>(ask: (tx: Db) => Promise<T>): Promise<T> =>
  leader().transaction(ask, { isolationLevel: 'repeatable read', accessMode: 'read only' })

/** The leader, over connections that only ingest uses. */
export const ingest = (): Connection => current().ingest

/**
 * Asks every server whether it leads, and turns to the one that does. Called by a timer, and after an error that a
 * change of leader could explain; calls at the same time share one round.
 */
export function followLeader(): Promise<void> {
  const made = state()
  made.probing ??= probeAll(made).finally(() => {
    made.probing = undefined
  })
  return made.probing
}

/**
 * How many commits were answered although their wait for the synchronous standby was cancelled. PostgreSQL only warns
 * of it, but such a commit must not be acknowledged.
 */
export const unreplicatedCommits = (): number => state().unreplicated

function current(): Server {
  const { servers, leader: index } = state()
  return servers[index] as Server
}

function open(address: string): Server {
  const pool = (name: string, max: number) => connect(address, { name: `holdfast ${name}`, max, onWarning })
  return { address, web: pool('web', 10), ingest: pool('ingest', 2), probe: pool('probe', 1) }
}

function onWarning(message: string): void {
  if (message.startsWith('canceling wait for synchronous replication')) state().unreplicated += 1
  log('warn', 'PostgreSQL warns', { message })
}

async function probeAll(made: ReturnType<typeof state>): Promise<void> {
  const leads = await Promise.all(made.servers.map(isLeader))
  const found = leads.indexOf(true)
  if (found < 0 || leads[made.leader] || found === made.leader) return
  made.leader = found
  log('info', 'following a new leader', { server: found })
}

async function isLeader({ probe }: Server): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PROBE_TIMEOUT_MS).unref())
  const asked = probe.sql`select pg_is_in_recovery() as standby`.then(([row]) => row?.standby === false)
  return Promise.race([asked.catch(() => false), late])
}
