import { randomUUID } from 'node:crypto'
import type { AccountCaller } from '@/lib/access/caller'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import { takeLock } from '@/lib/lock'
import { type Actor, actorOf } from '@/lib/recovery/actor'
import { cancelSwitchover, orderSwitchover } from '@/lib/recovery/engine/patroni'
import type {
  approvePlan,
  cancelScheduled,
  failOver,
  getPlan,
  Order,
  Plan,
} from '@/lib/recovery/failover/contract'
import { type Drafted, draftPlan } from '@/lib/recovery/failover/plan'
import { approvePlanAs, type KeptPlan, keepPlan, readPlan, takePlan } from '@/lib/recovery/failover/plans'
import { formatBytes } from '@/lib/recovery/format'
import { guarded, refuse } from '@/lib/recovery/guard/service'
import { appendJournal } from '@/lib/recovery/journal/file'
import { newSteps, runOperation } from '@/lib/recovery/operations/run'
import {
  type KeptOperation,
  keepOperation,
  loadOperations,
  operationLock,
} from '@/lib/recovery/operations/store'

/** The endpoint's service: a plan, or its execution, for who is signed in. */
export async function failOverAs(
  input: ParsedInputOf<typeof failOver>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof failOver>> {
  const actor = actorOf(account)
  return input.dryRun ? makePlan(input, actor) : carryOut(input, actor)
}

/** Makes a plan, which is kept for 60 s, and journaled. Changes nothing else. */
export async function makePlan(
  { mode, candidate }: { mode: Plan['mode']; candidate?: string },
  actor: Actor,
): Promise<Plan> {
  const { plan } = await draftPlan(mode, candidate, actor.name)
  await keepPlan(plan)
  await appendJournal({
    kind: 'plan',
    actor: actor.name,
    message: `${mode} from ${plan.leader ?? 'no leader'} to ${plan.candidate ?? 'no candidate'}: ${plan.verdict}`,
    detail: { planId: plan.planId, failed: failed(plan).map(({ name, observed }) => `${name}: ${observed}`) },
  })
  return publicPart(plan)
}

/** What came of an order: the operation that has begun, or the time for which it is scheduled. */
export type Begun = { operationId: string } | { scheduledAt: string }

/**
 * Carries out a plan: everything is looked at again, and any doubt refuses it. Answers when the operation has begun, or the
 * engine has scheduled it.
 *
 * @throws Problem 409 with the reason of a refusal, 422 for a wrong name or when the password is wanted, 403 for a wrong one
 */
export function carryOut(
  order: Order & { scheduledAt?: undefined },
  actor: Actor,
): Promise<{ operationId: string }>
export function carryOut(order: Order, actor: Actor): Promise<Begun>
export async function carryOut(order: Order, actor: Actor): Promise<Begun> {
  try {
    return await begin(order, actor)
  } catch (error) {
    if (error instanceof Problem)
      await appendJournal({
        kind: 'refused',
        actor: actor.name,
        message: error.detail,
        detail: { planId: order.planId, mode: order.mode, candidate: order.candidate, reason: order.reason },
      })
    throw error
  }
}

async function begin(order: Order, actor: Actor): Promise<Begun> {
  const plan = readPlan(order.planId)
  refuseMismatch(plan, order)
  if (order.confirm !== plan.cluster)
    throw wrong('confirm', `Type the name of the cluster, ${plan.cluster}, to confirm`)
  if (plan.twoPerson && plan.approvedBy === null)
    throw refuse('A second operator has to approve this plan first.')
  if (order.scheduledAt) refuseTime(plan, order.scheduledAt)
  const before = newestOperation()
  // A leader that stands still makes both of them long, and nobody can write meanwhile.
  const [drafted] = await Promise.all([draftPlan(plan.mode, order.candidate, actor.name), actor.prove(order)])
  const operationId = randomUUID()
  const lock = takeLock(operationLock(), operationId)
  if ('holder' in lock) throw refuse(`Operation ${lock.holder.about} is under way: wait for its end.`)
  try {
    // Only an operation changes what was looked at on our word: none may have come between.
    if (newestOperation() !== before) throw refuse('Another operation came first: make a new plan.')
    refuseChanges(plan, drafted, order)
    takePlan(plan.planId)
    if (order.scheduledAt) {
      const begun = await schedule(order, order.scheduledAt, drafted, actor)
      lock.release()
      return begun
    }
    const operation = toOperation(operationId, order, drafted, plan, actor)
    // First the journal: what could not be written down there is not kept either, and so not done.
    await appendJournal({
      kind: 'started',
      actor: actor.name,
      operationId,
      message: `${order.mode} from ${operation.from ?? 'no leader'} to ${operation.to}: ${order.reason}`,
      detail: {
        planId: plan.planId,
        approvedBy: plan.approvedBy,
        acceptLossBytes: order.acceptLossBytes ?? null,
        overridden: failed(drafted.plan).map(({ name, observed }) => `${name}: ${observed}`),
      },
    })
    await keepOperation(operation)
    // Not waited for: it goes on when the one who asked has gone.
    void runOperation(operation).finally(lock.release)
    return { operationId }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Which operation is the newest, and how far it is. */
const newestOperation = (): string | undefined => {
  const [newest] = loadOperations()
  return newest && `${newest.id} ${newest.state}`
}

/** A switchover of the far future is forgotten by everyone, in milliseconds. */
const SCHEDULE_MS = 7 * 86_400_000

function refuseTime({ mode }: KeptPlan, at: string): void {
  const away = Date.parse(at) - Date.now()
  if (mode !== 'switchover') throw wrong('scheduledAt', 'Only a switchover can be scheduled')
  if (away <= 0) throw wrong('scheduledAt', 'This time is over')
  if (away > SCHEDULE_MS) throw wrong('scheduledAt', 'At most 7 days ahead')
}

/** The engine keeps it, and carries it out without us. @throws Problem 409 with the engine's words if it does not take it */
async function schedule(
  { candidate, reason }: Order,
  at: string,
  { topology: { leader }, plan }: Drafted,
  actor: Actor,
): Promise<Begun> {
  if (!leader) throw refuse('No leader is known.')
  const scheduledAt = new Date(at).toISOString()
  const order = { leader: leader.address.name, candidate, scheduled_at: scheduledAt }
  const { outcome, message } = await orderSwitchover(leader.address, order)
  if (outcome !== 'scheduled') throw refuse(`The engine says: ${message}`)
  await appendJournal({
    kind: 'scheduled',
    actor: actor.name,
    message: `switchover from ${order.leader} to ${candidate} at ${scheduledAt}: ${reason}`,
    detail: { planId: plan.planId },
  })
  return { scheduledAt }
}

/** Cancels the switchover that the engine has scheduled. @throws Problem 409 if there is none, 403, 422 */
export const cancelScheduledSwitchover = (
  input: ParsedInputOf<typeof cancelScheduled>,
  caller: AccountCaller,
): Promise<OutputOf<typeof cancelScheduled>> =>
  guarded('cancel the scheduled switchover', input, caller, async ({ cluster, members }) => {
    if (!cluster?.scheduled_switchover) throw refuse('No switchover is scheduled.')
    const answering = members.find(({ status }) => status !== null)
    if (!answering) throw refuse('No member’s agent answers.')
    return cancelSwitchover(answering.address)
  })

/** A plan that may still be used, for the second operator to read. @throws Problem 409 unknown, used or expired */
export const findPlan = async ({
  planId,
}: ParsedInputOf<typeof getPlan>): Promise<OutputOf<typeof getPlan>> => publicPart(readPlan(planId))

function refuseMismatch(plan: KeptPlan, { mode, candidate }: Order): void {
  if (plan.mode !== mode) throw refuse(`The plan is for a ${plan.mode}, not a ${mode}.`)
  if (plan.candidate !== candidate)
    throw refuse(`The plan promotes ${plan.candidate ?? 'nobody'}, not ${candidate}.`)
}

function refuseChanges(plan: KeptPlan, { plan: now, topology }: Drafted, { acceptLossBytes }: Order): void {
  const failures = failed(now)
  const final = failures.find(({ overridable }) => !overridable)
  if (final) throw refuse(`${final.name}: ${final.observed}. ${final.message}`)
  if (topology.key !== plan.topologyKey)
    throw refuse('The cluster has changed since the plan was made: make a new one.')
  // Whoever named a loss has read of those that failed then.
  const seen = failed(plan).map(({ name }) => name)
  const unread = failures.find(({ name }) => acceptLossBytes === undefined || !seen.includes(name))
  if (unread)
    throw refuse(`${unread.name}: ${unread.observed}, the limit is ${unread.limit}. ${unread.message}`)
  if (failures.length === 0 || now.mode !== 'failover' || acceptLossBytes === undefined) return
  if (now.lossBytes === null && acceptLossBytes === 0)
    throw refuse('What would be lost is unknown, and you accept nothing: name the most that you accept.')
  if (now.lossBytes !== null && acceptLossBytes < now.lossBytes)
    throw refuse(
      `${formatBytes(now.lossBytes)} would be lost, more than the ${formatBytes(acceptLossBytes)} that you accept.`,
    )
}

function toOperation(
  id: string,
  order: Order,
  { plan: now, synchronous, leaderAt }: Drafted,
  { approvedBy }: KeptPlan,
  actor: Actor,
): KeptOperation {
  return {
    id,
    kind: order.mode,
    state: 'running',
    cluster: now.cluster,
    from: now.leader,
    to: order.candidate,
    reason: order.reason,
    actor: actor.name,
    approvedBy,
    startedAt: new Date().toISOString(),
    endedAt: null,
    steps: newSteps(),
    message: '',
    rtoSeconds: null,
    pauseSeconds: null,
    lostBytes: null,
    lostRange: null,
    ordered: false,
    overridden: failed(now).map(({ name }) => name),
    timeline: now.timeline ?? 0,
    leaderAt,
    synchronous,
  }
}

/** Approves another's plan. @throws Problem 409 for one's own, or one that is used or expired */
export async function approve(
  { planId }: ParsedInputOf<typeof approvePlan>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof approvePlan>> {
  const plan = readPlan(planId)
  if (plan.madeBy === account.email) throw refuse('A second operator has to approve it: you made it.')
  await approvePlanAs(planId, account.email)
  await appendJournal({
    kind: 'approved',
    actor: account.email,
    message: `${plan.mode} to ${plan.candidate}, planned by ${plan.madeBy}`,
    detail: { planId },
  })
  return { planId, approvedBy: account.email }
}

const failed = ({ checks }: Plan) => checks.filter(({ status }) => status === 'fail')
const publicPart = ({ topologyKey, ...plan }: KeptPlan): Plan => plan
const wrong = (path: string, message: string): Problem =>
  new Problem(422, `${path}: ${message}`, { errors: [{ path, message }] })
