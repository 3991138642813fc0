import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, connect } from '@/db/connect'
import { env } from '@/lib/env'
import { databaseProblem, errorCode } from '@/lib/http/database-problem'
import { inTime } from '@/lib/in-time'

/** By then whoever asked has been answered from the access record. */
const ACCESS_LIMIT_SECONDS = 5
const PROBE_TIMEOUT_MS = 1_500
const ASK_AGAIN_MS = 100
const GIVEN_UP_MS = 2_500
/** A server that is only slow may miss one answer. */
const MISSES_UNTIL_AWAY = 2

/** One of the servers that DATABASE_URL names. */
export interface Server {
  address: string
  /** What pages and routes write, and what they read that takes no time. */
  web: Connection
  /** What charts are read from: whatever is asked of these, all others go on. */
  reads: Connection
  /** Only ingest uses this one. */
  ingest: Connection
  /** Keys, sign-ins and sessions: nobody is let in or recorded from without them. */
  access: Connection
  probe: Connection
  /** Probes in a row that it did not answer. */
  misses: number
  /** What it answered last. */
  role: Answer | undefined
  /** The probe that it has not answered yet, and since when. */
  asked?: Promise<Answer>
  askedAt: number
}

type Pools = Pick<Server, 'web' | 'reads' | 'ingest' | 'access'>

/** `standby` takes no writes; `other` answers, but not to this question. */
export type Answer = 'leader' | 'standby' | 'other' | 'late' | 'lost'
type OnWarning = (message: string) => void

/** Opens no connection yet. */
export const openServer = (address: string, onWarning: OnWarning): Server => ({
  address,
  ...openPools(address, onWarning),
  probe: openProbe(address),
  // One miss is counted already, so that a server that never answered is known to be away after the first probe.
  misses: 1,
  role: undefined,
  askedAt: 0,
})

const openPools = (address: string, onWarning: OnWarning): Pools => {
  const open = (name: string, max: number, limitSeconds?: number) =>
    connect(address, { name: `holdfast ${name}`, max, limitSeconds, onWarning })
  return {
    web: open('web', 10),
    reads: open('reads', 10, env().HOLDFAST_READ_LIMIT_SECONDS),
    ingest: open('ingest', 2),
    access: open('access', 2, ACCESS_LIMIT_SECONDS),
  }
}

const openProbe = (address: string): Connection =>
  connect(address, { name: 'holdfast probe', max: 1, arrays: false })

/** Whether it is known not to answer. */
export const isAway = ({ misses }: Server): boolean => misses >= MISSES_UNTIL_AWAY

/**
 * Asks a server whether it leads, and counts what it misses. What waits for one that stands still waits no longer once that is
 * known: whoever asked hears that the connection was lost.
 */
export async function probe(server: Server, onWarning: OnWarning): Promise<Answer> {
  const answer = await ask(server)
  const wasAway = isAway(server)
  server.role = answer
  if (answer === 'late') server.misses += 1
  else server.misses = answer === 'lost' ? MISSES_UNTIL_AWAY : 0
  if (answer === 'late' && isAway(server) && !wasAway) {
    const { web, reads, ingest, access } = server
    for (const pool of [web, reads, ingest, access]) pool.sql.end({ timeout: 0 }).catch(() => {})
    Object.assign(server, openPools(server.address, onWarning))
  }
  return answer
}

/**
 * One question at a time. A question that stays without an answer is given up, with its connection: the server may have
 * been restarted behind it.
 */
async function ask(server: Server): Promise<Answer> {
  if (server.asked && Date.now() - server.askedAt > GIVEN_UP_MS) {
    server.probe.sql.end({ timeout: 0 }).catch(() => {})
    server.probe = openProbe(server.address)
    server.asked = undefined
  }
  if (!server.asked) {
    const asked = askRole(server).finally(() => {
      if (server.asked === asked) server.asked = undefined
    })
    server.asked = asked
    server.askedAt = Date.now()
  }
  const { asked } = server
  return (await inTime(PROBE_TIMEOUT_MS, () => asked)) ?? 'late'
}

/**
 * A connection that was lost says nothing of the server, so it is asked over a new one. Twice, because the driver may
 * hand the old one's last words to the first who asks after it.
 */
async function askRole(server: Server, attempts = 3): Promise<Answer> {
  try {
    const [row] = await server.probe.sql`select pg_is_in_recovery() as standby`
    return row?.standby === false ? 'leader' : 'standby'
  } catch (error) {
    // A server that is full or refuses us does answer: others may still have their connections.
    const code = errorCode(error)
    if (databaseProblem(error)?.status !== 503 || code?.startsWith('53')) return 'other'
    if (code === 'ECONNREFUSED' || attempts === 1) return 'lost'
    await sleep(ASK_AGAIN_MS)
    return askRole(server, attempts - 1)
  }
}
