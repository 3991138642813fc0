import { setTimeout as sleep } from 'node:timers/promises'
import { movesLeader, type Operation } from '@/lib/recovery/operations/contract'
import type { Fault } from '@/scripts/chaos/faults'
import type { Session } from '@/scripts/test/session'

/** What an operator orders over HTTP, and what they wait for. */

const BASE = '/api/disaster-recovery'
const FAILOVER = `${BASE}/replication/failover`
const WHOLE_MS = 120_000
const OPERATION_MS = 120_000

type Answer = Awaited<ReturnType<Session['request']>>

export const makePlan = (operator: Session, { mode }: Fault): Promise<Answer> =>
  operator.request('POST', FAILOVER, { dryRun: true, mode })

export const orderPlan = (operator: Session, fault: Fault, { body: plan }: Answer): Promise<Answer> =>
  operator.request('POST', FAILOVER, {
    planId: plan.planId,
    mode: fault.mode,
    candidate: plan.candidate ?? 'nobody',
    reason: `chaos: ${fault.name}`,
    confirm: plan.cluster,
    // The cool-down, of orders that follow one another.
    acceptLossBytes: 0,
    password: operator.password,
  })

/** Pauses the engine or lets it go on. @throws Error if that is refused */
export async function pause(operator: Session, paused: boolean): Promise<void> {
  const order = { paused, reason: 'chaos', confirm: 'holdfast', password: operator.password }
  const { status, body } = await operator.request('POST', `${BASE}/replication/pause`, order)
  if (status !== 200) throw new Error(`paused ${paused}: ${body.detail}`)
  // Every agent has to know of it.
  await sleep(3_000)
}

/** Waits for an operation's end, also while the server that carries it out is away. @throws Error after two minutes */
export async function untilEnded(operator: Session, id: string): Promise<Operation> {
  for (const deadline = Date.now() + OPERATION_MS; Date.now() < deadline; await sleep(100)) {
    const answer = await operator.request('GET', `${BASE}/operations/${id}`).catch(() => null)
    const operation = answer?.status === 200 ? (answer.body as unknown as Operation) : null
    if (operation && movesLeader(operation) && operation.state !== 'running') return operation
  }
  throw new Error(`operation ${id} did not end within ${OPERATION_MS / 1_000} s`)
}

/** Waits until one leads and commits wait for another. @returns the leader @throws Error after two minutes */
export async function untilWhole(operator: Session): Promise<string> {
  for (const deadline = Date.now() + WHOLE_MS; Date.now() < deadline; await sleep(200)) {
    const answer = await operator.request('GET', `${BASE}/replication/status`).catch(() => null)
    const body = answer?.body as
      | { status?: string; cluster?: { leader: string; synchronous: boolean } }
      | undefined
    if (body?.status === 'pass' && body.cluster?.synchronous) return body.cluster.leader
  }
  throw new Error(`the cluster was not whole within ${WHOLE_MS / 1_000} s`)
}
