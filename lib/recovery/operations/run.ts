import { setTimeout as sleep } from 'node:timers/promises'
import { tryWrite } from '@/db/queries/recovery/member-facts'
import { followLeader, leader } from '@/lib/database'
import { env, type MemberAddress } from '@/lib/env'
import { log } from '@/lib/log'
import { type OrderAnswer, orderFailover, orderSwitchover } from '@/lib/recovery/engine/patroni'
import { LEADER_IS_LOST } from '@/lib/recovery/failover/checks/cluster'
import { appendJournal } from '@/lib/recovery/journal/file'
import type { Step } from '@/lib/recovery/operations/contract'
import { type KeptOperation, keepOperation } from '@/lib/recovery/operations/store'
import { describeRejoin, measureLoss, verifyLeader } from '@/lib/recovery/operations/verify'
import { type Watch, watchMembers } from '@/lib/recovery/operations/watch'

/** The engine may take this long to carry out an order, in milliseconds: twice a Patroni leader's time to live, and some. */
const ENGINE_MS = 90_000
const RECONNECT_MS = 30_000
const WRITE_MS = 1_000
/** One connection may fail; a server that answers none for so long, in milliseconds, is away. */
const SILENT_MS = 300

/** What ends an operation: told to the operator as it is. */
class Failure extends Error {}

export const newSteps = (): Step[] =>
  (['fence', 'promote', 'reconnect', 'verify', 'rejoin'] as const).map((name) => ({
    name,
    state: 'waiting',
    startedAt: null,
    endedAt: null,
    detail: '',
  }))

/**
 * Sees an operation through: asks the engine, unless that was done by a process that died since, and believes nothing but
 * what the members' PostgreSQL say. Each step is on disk before the next begins. Resolves when it has ended, never throws.
 *
 * @param askAgain whether the engine is to be asked again for what a process that died meant to ask for, and perhaps did not
 */
export async function runOperation(operation: KeptOperation, askAgain = false): Promise<void> {
  const watch = watchMembers(env().HOLDFAST_MEMBERS)
  try {
    await moveLeader(operation, watch, askAgain)
    await end(operation, 'succeeded', `${operation.to} leads.`)
  } catch (error) {
    if (!(error instanceof Failure)) log('error', 'an operation broke off', { id: operation.id, error })
    const message = error instanceof Failure ? error.message : 'It broke off; the cause is in the log.'
    await end(operation, 'failed', message).catch((cause) =>
      log('error', 'the end of an operation could not be kept', { id: operation.id, error: cause }),
    )
  } finally {
    watch.stop()
  }
}

async function moveLeader(operation: KeptOperation, watch: Watch, askAgain: boolean): Promise<void> {
  const { kind, from, to } = operation
  const old = () => watch.of(from ?? '')
  const next = () => watch.of(to)
  const deadline = Date.now() + ENGINE_MS
  let answer: OrderAnswer | undefined
  const again = operation.ordered

  async function ask(): Promise<void> {
    // Two members are watched before anything is asked: else nobody knows what was before.
    await watch.until(Date.now() + 2_000, () => old().state !== 'unknown' && next().state !== 'unknown')
    if (again && next().state !== 'standby') return
    if (kind === 'failover' && old().state === 'writable' && !operation.overridden.includes(LEADER_IS_LOST)) {
      if (again) return
      throw new Failure(`${from} takes writes again: nothing was ordered.`)
    }
    operation.ordered = true
    await keepOperation(operation)
    void order(operation).then((given) => {
      // What was asked for before may be under way, or done: that a second order is refused says nothing of the first.
      if (!again || given.outcome === 'done') answer = given
    })
  }

  if (again && askAgain && !isDone(operation, 'promote')) await ask()
  await step(operation, 'fence', async () => {
    if (!again) await ask()
    const gone = () =>
      from === null ||
      old().state === 'standby' ||
      Date.now() - (old().silentSince ?? Date.now()) > SILENT_MS ||
      next().state === 'writable'
    await watch.until(deadline, () => gone() || isRefused(answer))
    if (isRefused(answer)) throw refused(answer, operation)
    if (!gone())
      throw new Failure(`${from} still takes writes: ${answer?.message ?? 'the engine gave no answer'}`)
    return old().state === 'silent'
      ? `${from} does not answer, and acknowledges nothing`
      : `${from ?? 'No member'} takes no writes`
  })

  await step(operation, 'promote', async () => {
    const moved = await watch.until(
      deadline,
      () => next().state === 'writable' || isRefused(answer) || wentBack(),
    )
    if (!moved)
      throw new Failure(`${to} was not promoted in time: ${answer?.message ?? 'the engine gave no answer'}`)
    if (next().state === 'writable') return `${to} takes writes`
    if (isRefused(answer)) throw refused(answer, operation)
    throw new Failure(`${from} leads again, nothing is lost: ${answer?.message}`)
  })

  await step(operation, 'reconnect', async () => {
    await reconnect()
    const now = Date.now()
    operation.rtoSeconds = seconds(now - Date.parse(operation.startedAt))
    const last = old().lastWritableAt
    if (last !== null) operation.pauseSeconds = seconds((next().firstWritableAt ?? now) - last)
    return 'Holdfast writes through the new leader'
  })

  await step(operation, 'verify', async () => {
    const detail = await verifyLeader(operation, watch)
    const loss = await measureLoss(operation, old().state === 'standby')
    operation.lostBytes = loss.bytes
    operation.lostRange = loss.range
    return `${detail}; ${loss.detail}`
  })

  await step(operation, 'rejoin', async () => {
    const { state, detail } = await describeRejoin(operation)
    if (state === 'skipped') throw new Skipped(detail)
    return detail
  })

  /** The engine gave up, and the old leader takes writes as before. */
  function wentBack(): boolean {
    return answer !== undefined && answer.outcome !== 'done' && old().state === 'writable'
  }
}

class Skipped extends Error {}

const isDone = ({ steps }: KeptOperation, name: Step['name']): boolean =>
  steps.some((step) => step.name === name && step.state === 'done')

async function step(
  operation: KeptOperation,
  name: Step['name'],
  work: () => Promise<string>,
): Promise<void> {
  const one = operation.steps.find((candidate) => candidate.name === name)
  // A process that takes over begins where the one before it was.
  if (!one || one.state === 'done' || one.state === 'skipped') return
  one.state = 'running'
  one.startedAt ??= new Date().toISOString()
  await keepOperation(operation)
  try {
    one.detail = await work()
    one.state = 'done'
  } catch (error) {
    one.state = error instanceof Skipped ? 'skipped' : 'failed'
    one.detail = error instanceof Error ? error.message : String(error)
    if (!(error instanceof Skipped)) throw error
  } finally {
    one.endedAt = new Date().toISOString()
    await keepOperation(operation)
    await note(operation, 'step', `${name}: ${one.state}: ${one.detail}`)
  }
}

async function end(operation: KeptOperation, state: 'succeeded' | 'failed', message: string): Promise<void> {
  operation.state = state
  operation.message = message
  operation.endedAt = new Date().toISOString()
  await note(operation, state, message, {
    rtoSeconds: operation.rtoSeconds,
    pauseSeconds: operation.pauseSeconds,
    lostBytes: operation.lostBytes,
    lostRange: operation.lostRange,
  })
  await keepOperation(operation)
}

/** A full disk must not stop a failover half-way: what could not be written is in the log. */
async function note(
  { id, actor }: KeptOperation,
  kind: string,
  message: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await appendJournal({ kind, actor, message, operationId: id, detail }).catch((error) =>
    log('error', 'the journal could not be written', { kind, message, error }),
  )
}

function order({ kind, from, to }: KeptOperation): Promise<OrderAnswer> {
  const members = env().HOLDFAST_MEMBERS
  const named = (name: string | null) => members.find((member) => member.name === name) as MemberAddress
  return kind === 'switchover'
    ? orderSwitchover(named(from), { leader: from ?? '', candidate: to })
    : orderFailover(named(to), { ...(from && { leader: from }), candidate: to })
}

const isRefused = (answer: OrderAnswer | undefined): boolean => answer?.outcome === 'refused'

const refused = (answer: OrderAnswer | undefined, { kind }: KeptOperation): Failure =>
  new Failure(`The engine refused the ${kind}, nothing was changed: ${answer?.message}`)

/** Until a transaction on the connections of this application gets a number from the new leader. */
async function reconnect(): Promise<void> {
  const deadline = Date.now() + RECONNECT_MS
  for (;;) {
    void followLeader()
    const wrote = await Promise.race([writes(), sleep(WRITE_MS, false)])
    if (wrote) return
    if (Date.now() > deadline) throw new Failure('The new leader leads, but Holdfast does not reach it.')
    await sleep(50)
  }
}

async function writes(): Promise<boolean> {
  try {
    await tryWrite(leader())
    return true
  } catch {
    return false
  }
}

const seconds = (ms: number): number => Math.max(0, Math.round(ms) / 1000)
