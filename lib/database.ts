import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, type Db, splitHosts } from '@/db/connect'
import { inTurn, whileAwaited } from '@/lib/database/reads'
import { type Answer, isAway, openServer, probe, type Server } from '@/lib/database/server'
import { findFresh } from '@/lib/database/standby'
import { env } from '@/lib/env'
import { databaseProblem } from '@/lib/http/database-problem'
import { Problem } from '@/lib/http/problem'
import { hasGone } from '@/lib/http/request'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

/** How often the servers are asked which of them leads, in milliseconds; at once after an error. */
const WATCH_MS = 1_000
/** The same while the leader is away, or any server has missed one answer, so that its absence and its return are soon known. */
const WATCH_AWAY_MS = 250
/** How long one that led is waited for before another is believed, or asked again, in milliseconds. */
const SAY_AGAIN_MS = 100

const state = () =>
  singleton('database', () => {
    const servers = splitHosts(env().DATABASE_URL).map((address) => openServer(address, onWarning))
    const made = { servers, leader: 0, probing: undefined as Promise<void> | undefined, unreplicated: 0 }
    setTimeout(watch, WATCH_MS).unref()
    return made
  })

/**
 * The leader: whatever is written is written here, and what must be known for sure is read here.
 *
 * @throws Problem 503, at once, while it is known not to answer
 */
export const leader = (): Db => presentLeader().web.db

/** The same over connections that only keys, sign-ins and sessions use: however busy others are, people and records get in. */
export const leaderForAccess = (): Db => presentLeader().access.db

function presentLeader(): Server {
  if (databaseAway())
    throw new Problem(503, 'No database answers. Nothing can be read or changed until one does.', {
      retryAfter: WATCH_MS / 1000,
    })
  return current()
}

/** Whether the leader, as last known, is known not to answer. It is asked again every second. */
export const databaseAway = (): boolean => isAway(current())

/** What charts are read from. */
export interface Source {
  db: Db
  readFrom: 'leader' | 'standby'
}

/**
 * Reads from a standby that holds everything the leader had acknowledged when this was called, or, where there is none, from
 * the leader; so too when the standby fails in the midst of it. See `database/reads.ts` for the limits.
 *
 * @param read may run twice; changes nothing
 * @param line of those who wait for their turn
 * @throws Problem 503 when too much is being read, or when this took too long
 */
export function readFresh<T>(read: (source: Source) => Promise<T>, line = 'charts'): Promise<T> {
  return inTurn(line, async () => {
    const db = leader()
    const { servers } = state()
    const standbys = servers.filter((server) => server.role === 'standby' && server.misses === 0)
    const fresh = standbys.length > 0 ? await findFresh(db, standbys) : undefined
    if (fresh) {
      try {
        return await whileAwaited(fresh, (db) => read({ db, readFrom: 'standby' }))
      } catch (error) {
        // Lost, or it cancelled the question for the sake of its replay.
        if (error instanceof Problem || hasGone() || databaseProblem(error)?.status !== 503) throw error
      }
    }
    return whileAwaited(presentLeader(), (db) => read({ db, readFrom: 'leader' }))
  })
}

/** Asks several questions that see the same records, whatever is written meanwhile. */
export const inSnapshot = <T>(
  ask: (tx: Db, readFrom: Source['readFrom']) => Promise<T>,
  line?: string,
): Promise<T> => readFresh((source) => snapshotOf(source, (tx) => ask(tx, source.readFrom)), line)

/** The same of a source that is known already. */
export const snapshotOf = <T>({ db }: Source, ask: (tx: Db) => Promise<T>): Promise<T> =>
  db.transaction(ask, { isolationLevel: 'repeatable read', accessMode: 'read only' })

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

function onWarning(message: string): void {
  if (message.startsWith('canceling wait for synchronous replication')) state().unreplicated += 1
  log('warn', 'PostgreSQL warns', { message })
}

async function watch(): Promise<void> {
  await followLeader()
  const doubted = databaseAway() || state().servers.some(({ misses }) => misses === 1)
  setTimeout(watch, doubted ? WATCH_AWAY_MS : WATCH_MS).unref()
}

async function probeAll(made: ReturnType<typeof state>): Promise<void> {
  const away = databaseAway()
  const answers: (Answer | undefined)[] = []
  await Promise.all(
    made.servers.map(async (server, index) => {
      answers[index] = await probe(server, onWarning)
      // While the one that led leaves its answer open, a standby may be promoted: it is asked on, not in the next round.
      while (answers[index] === 'standby' && answers[made.leader] === undefined) {
        await sleep(SAY_AGAIN_MS)
        answers[index] = await probe(server, onWarning)
      }
      if (answers[index] !== 'leader' || index === made.leader) return
      // The one that led has a moment to say that it still does; one that stands still is not waited for.
      if (answers[made.leader] === undefined) await sleep(SAY_AGAIN_MS)
      if (answers[made.leader] === 'leader') return
      made.leader = index
      log('info', 'following a new leader', { server: index })
    }),
  )
  if (away !== databaseAway())
    log(away ? 'info' : 'warn', away ? 'the database answers again' : 'no database answers')
}
