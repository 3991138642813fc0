import { randomUUID } from 'node:crypto'
import { env } from '@/lib/env'
import { lockHolder } from '@/lib/lock'
import { rankCandidates } from '@/lib/recovery/failover/candidates'
import { checkSituation } from '@/lib/recovery/failover/checks'
import type { Check, Mode, Plan } from '@/lib/recovery/failover/contract'
import { type KeptPlan, PLAN_MS } from '@/lib/recovery/failover/plans'
import { operationLock } from '@/lib/recovery/operations/store'
import { findRunning } from '@/lib/recovery/tasks/store'
import { lastSeen } from '@/lib/recovery/topology/last-seen'
import { isSynchronous, type MemberView, readTopology, type Topology } from '@/lib/recovery/topology/service'

/** A plan, and the cluster as it was seen for it. */
export interface Drafted {
  plan: KeptPlan
  topology: Topology
  synchronous: boolean
  leaderAt: number | null
}

/** Looks at the cluster, chooses a candidate and makes all checks. Changes nothing. */
export async function draftPlan(mode: Mode, wanted: string | undefined, madeBy: string): Promise<Drafted> {
  const topology = await readTopology()
  const { candidate, candidates } = rankCandidates(topology, mode, wanted)
  const { leader } = topology
  const synchronous = candidate !== null && isSynchronous(topology, candidate)
  const leaderAt = positionOf(leader, candidate)
  const lossBytes = lossOf(mode, synchronous, leader, leaderAt, candidate)
  const running = lockHolder(operationLock())?.about ?? findRunning('cut-over')?.id ?? null
  const backing = findRunning('backup') !== undefined
  const checks = checkSituation({ mode, topology, candidate, lossBytes, running, backing })
  const now = Date.now()
  const plan: KeptPlan = {
    planId: randomUUID(),
    madeAt: new Date(now).toISOString(),
    expiresAt: new Date(now + PLAN_MS).toISOString(),
    mode,
    cluster: topology.name,
    leader: leader?.address.name ?? null,
    candidate: candidate?.address.name ?? null,
    candidates,
    timeline: leader?.facts?.timeline ?? candidate?.facts?.timeline ?? null,
    verdict: verdictOf(checks),
    lossBytes,
    checks,
    twoPerson: env().RECOVERY_TWO_PERSON,
    approvedBy: null,
    steps: describeSteps(mode, leader?.address.name ?? null, candidate?.address.name ?? null),
    topologyKey: topology.key,
    madeBy,
  }
  return { plan, topology, synchronous, leaderAt }
}

/** How far the leader is, or was when it was last asked, in bytes; null if unknown. */
function positionOf(leader: MemberView | null, candidate: MemberView | null): number | null {
  if (!leader) return null
  const timeline = candidate?.facts?.timeline ?? leader.status?.timeline
  return leader.facts?.flushed ?? (timeline === undefined ? null : lastSeen(leader.address.name, timeline))
}

/**
 * Of a switchover what the candidate has yet to receive; of a failover what it never will: at least what was seen of the leader,
 * and where that is nothing, nobody knows what it did since.
 */
function lossOf(
  mode: Mode,
  synchronous: boolean,
  leader: MemberView | null,
  leaderAt: number | null,
  candidate: MemberView | null,
): number | null {
  if (!candidate?.facts) return null
  if (mode === 'failover' && synchronous) return 0
  const missing = leaderAt === null ? 0 : Math.max(0, leaderAt - candidate.facts.flushed)
  return missing === 0 && !leader?.facts ? null : missing
}

/** Whether a plan may be carried out: as it is, by naming a loss, or not at all. */
export function verdictOf(checks: Check[]): Plan['verdict'] {
  const failed = checks.filter(({ status }) => status === 'fail')
  if (failed.length === 0) return 'ready'
  return failed.every(({ overridable }) => overridable) ? 'overridable' : 'refused'
}

function describeSteps(mode: Mode, leader: string | null, candidate: string | null): string[] {
  const [from, to] = [leader ?? 'the old leader', candidate ?? 'the candidate']
  return mode === 'switchover'
    ? [
        `fence: ${from} writes a checkpoint, ends its connections and hands over all that it has`,
        `promote: ${to} takes writes once it has replayed everything; else ${from} goes on as leader`,
        `reconnect: Holdfast and its ingest follow ${to}`,
        'verify: one member takes writes, on a new timeline, and archives',
        `rejoin: ${from} follows ${to} as a standby`,
      ]
    : [
        `fence: ${from} is stopped and cannot come back as leader`,
        `promote: ${to} takes writes with what it received`,
        `reconnect: Holdfast and its ingest follow ${to}; what was spooled meanwhile is stored`,
        'verify: one member takes writes, on a new timeline, and archives; the loss is measured',
        `rejoin: ${from} stays out until it is reinitialized`,
      ]
}
