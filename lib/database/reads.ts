import { finished, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, Statement } from '@/db/connect'
import { cancelStatements } from '@/db/queries/cancel-statements'
import { findProcesses } from '@/db/queries/find-processes'
import type { Server } from '@/lib/database/server'
import { env } from '@/lib/env'
import { letGiveWay } from '@/lib/give-way'
import { errorCode } from '@/lib/http/database-problem'
import { Problem } from '@/lib/http/problem'
import { currentRequest, hasGone } from '@/lib/http/request'
import { singleton } from '@/lib/singleton'
import { Turns } from '@/lib/turns'

/**
 * What charts ask may take all a server has. So there is a limit to how much is asked at once, of each caller and of all, to
 * how long a statement may take, and nothing is worked on for someone who has left.
 */

const turns = () =>
  singleton('database.reads', () => new Turns({ atOnce: 6, eachAtOnce: 2, eachWaits: 60, allWait: 600 }))
/** Whoever has waited so long for a turn is told to come back. */
const TURN_MS = 30_000
const RETRY_SECONDS = 5
/** The address of a server whose processes are on this machine. */
const LOCAL = /^[^/]+\/\/(?:[^@/]*@)?(?:127\.[\d.]+|localhost|\[::1\])[:/]/
const CANCELLED = '57014'
/** What is read for longer gives way to what is recorded. */
const GIVES_WAY_MS = 250
/** A statement that is yet to begin, or whose cancelling was missed, is looked for again after this. */
const CANCEL_AGAIN_MS = 50

/**
 * Reads when it is the caller's turn.
 *
 * @param line has turns of its own: what is quick need not wait behind what is not
 * @throws Problem 503 when too much is being read
 */
export async function inTurn<T>(line: string, read: () => Promise<T>): Promise<T> {
  const request = currentRequest()
  const enough = () => {
    const late = AbortSignal.timeout(TURN_MS)
    return request ? AbortSignal.any([request.gone, late]) : late
  }
  const answer = await turns().take(
    `${line} ${request?.caller}`,
    async () => ({ read: await read() }),
    enough,
  )
  if (hasGone()) throw gone()
  if (!answer) throw new Problem(503, 'Too much is being read.', { retryAfter: RETRY_SECONDS })
  return answer.read
}

/**
 * Reads from a server for as long as somebody waits for the answer.
 *
 * @throws Problem 503 when it takes longer than the limit: a statement of it, or all until there is another to be asked
 */
export async function whileAwaited<T>(server: Server, read: (db: Db) => Promise<T>): Promise<T> {
  const request = currentRequest()
  const running = new Set<Statement>()
  const seconds = env().HOLDFAST_READ_LIMIT_SECONDS
  const begun = performance.now()
  const hasTakenLong = () => performance.now() - begun >= seconds * 1_000
  const db = server.reads.watched((statement) => {
    if (request?.gone.aborted) throw gone()
    // Drizzle wraps it: the problem is told by its code.
    if (hasTakenLong()) throw Object.assign(new Error('Nothing more is asked.'), { code: CANCELLED })
    running.add(statement)
    const done = () => running.delete(statement)
    // A COPY goes on until all its rows have come.
    statement.then((result) => {
      if (result instanceof Readable) finished(result, done)
      else done()
    }, done)
  })
  let stopping = false
  // One at a time: a second cancel could come after its statement, and hit what the next reader asks over that connection.
  const stop = () => {
    if (!stopping) void cancel(server, running)
    stopping = true
  }
  request?.gone.addEventListener('abort', stop)
  if (LOCAL.test(server.address)) void giveWay(server, running, () => stopping)
  try {
    return await read(db)
  } catch (error) {
    if (hasGone()) throw gone()
    if (wasStopped(error) && hasTakenLong()) throw tooLong(seconds, error)
    throw error
  } finally {
    request?.gone.removeEventListener('abort', stop)
    // Of several statements at once one has failed: nobody waits for the others.
    stop()
  }
}

async function cancel({ web }: Server, running: Set<Statement>): Promise<void> {
  while (running.size > 0) {
    // What cannot be cancelled ends with its connection, or at the limit.
    await withPids(running, (pids) => cancelStatements(web.db, pids)).catch(() => {})
    await sleep(CANCEL_AGAIN_MS)
  }
}

/** Each process that works on these statements for long gives way, until that is done. */
async function giveWay({ web }: Server, running: Set<Statement>, isDone: () => boolean): Promise<void> {
  for (;;) {
    await sleep(GIVES_WAY_MS, undefined, { ref: false })
    if (isDone()) return
    // What cannot be found out now is asked for again.
    const pids = await withPids(running, (pids) => findProcesses(web.db, pids)).catch(() => [])
    for (const pid of pids ?? []) letGiveWay(pid)
  }
}

/** Does something with the server's processes that work on these statements, if there are any. */
async function withPids<T>(
  running: Set<Statement>,
  work: (pids: [number, ...number[]]) => Promise<T>,
): Promise<T | undefined> {
  const [pid, ...more] = [...running].flatMap(({ active, state }) => (active && state ? state.pid : []))
  return pid === undefined ? undefined : work([pid, ...more])
}

/** Whether a statement was stopped at the limit, or at somebody's word, while whoever asked still waits. */
export const wasStopped = (error: unknown): boolean => errorCode(error) === CANCELLED && !hasGone()

/** For long work on what was read, now and then. @throws Problem 503 if whoever asked has left, or it has taken too long since then */
export function checkAwaited(begun: number): void {
  const seconds = env().HOLDFAST_READ_LIMIT_SECONDS
  if (hasGone()) throw gone()
  if (performance.now() - begun >= seconds * 1_000) throw tooLong(seconds)
}

/** Nobody reads this. */
const gone = (): Problem => new Problem(503, 'Whoever asked has left.')

const tooLong = (seconds: number, cause?: unknown): Problem =>
  new Problem(
    503,
    `Reading took longer than ${seconds} s and was stopped. Ask for a shorter time, for less, or with fewer steps.`,
    { retryAfter: seconds, cause },
  )
