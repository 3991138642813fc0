import type { Mode, Plan } from '@/lib/recovery/failover/contract'
import { formatBytes } from '@/lib/recovery/format'
import { isSynchronous, type MemberView, type Topology } from '@/lib/recovery/topology/service'

type Candidates = Plan['candidates']

/**
 * Every member but the leader with why it would or would not be promoted, the best first: one that commits wait for, then
 * the one that received most.
 *
 * @param wanted a member that the operator names, which is then the one that is chosen
 */
export function rankCandidates(
  topology: Topology,
  mode: Mode,
  wanted?: string,
): { candidate: MemberView | null; candidates: Candidates } {
  const others = topology.members
    .filter((member) => member !== topology.leader)
    .map((member) => ({ member, ...assess(member, topology) }))
    .sort(
      (a, b) =>
        Number(b.eligible) - Number(a.eligible) ||
        Number(b.synchronous) - Number(a.synchronous) ||
        (b.member.facts?.flushed ?? 0) - (a.member.facts?.flushed ?? 0),
    )
  const best =
    wanted === undefined
      ? others.find(({ eligible }) => eligible)
      : others.find(({ member }) => member.address.name === wanted)
  return {
    candidate: best?.member ?? null,
    candidates: others.map(({ member, eligible, reason }) => ({
      name: member.address.name,
      chosen: member === best?.member,
      eligible,
      reason: member === best?.member && mode === 'failover' && eligible ? `${reason}; it has most` : reason,
    })),
  }
}

function assess(member: MemberView, topology: Topology) {
  const { facts, status } = member
  const { leader } = topology
  const synchronous = isSynchronous(topology, member)
  const refused = (reason: string) => ({ eligible: false, synchronous, reason })
  if (!facts) return refused('Its PostgreSQL does not answer')
  if (!status) return refused('Its agent does not answer')
  if (!facts.standby) return refused('It is no standby')
  if (status.tags?.nofailover === true) return refused('It has the tag nofailover')
  if (facts.fenced) return refused('It is fenced')
  const behind = leader?.facts ? Math.max(0, leader.facts.flushed - facts.flushed) : null
  const lag = behind === null ? 'how far it is behind is not known' : `${formatBytes(behind)} behind`
  return {
    eligible: true,
    synchronous,
    reason: synchronous ? `Commits wait for it, ${lag}` : `Commits do not wait for it, ${lag}`,
  }
}
