import { byLoss, type CheckMaker, fail, never, pass } from '@/lib/recovery/failover/checks/situation'
import { formatSeconds } from '@/lib/recovery/format'

/** A standby that heard from its leader this lately still has it, in milliseconds. */
const HEARD_MS = 5_000

/** Of a failover: who overrides it takes the lead from one that may be alive. */
export const LEADER_IS_LOST = 'leader is lost'

/** Who leads, who answers, and who has the say. */
export const clusterChecks: CheckMaker[] = [
  ({ topology: { members } }) => {
    const answering = members.filter(({ status }) => status !== null).length
    return {
      name: 'topology',
      ...(answering > 0 ? pass : fail)(`${answering} of ${members.length} members’ agents answer`),
      limit: 'at least one',
      message:
        'Without an agent that answers, nobody can be asked to move the leader, and nobody knows who leads.',
      ...never,
    }
  },
  ({ mode, topology: { writable } }) => {
    const names = writable.map(({ address }) => address.name).join(' and ')
    const fine = writable.length === 1 || (mode === 'failover' && writable.length === 0)
    return {
      name: 'one writable member',
      ...(fine ? pass : fail)(
        writable.length === 0
          ? 'none takes writes'
          : `${names} take${writable.length === 1 ? 's' : ''} writes`,
      ),
      limit: mode === 'switchover' ? 'exactly one' : 'one at the most',
      message:
        'Each PostgreSQL was asked itself. Two that take writes have split: what one acknowledges, the other never has. Fence the wrong one first.',
      ...never,
    }
  },
  ({ topology: { members, config } }) => {
    const seen = members.map(({ status }) => status?.dcs_last_seen).filter((at) => at !== undefined)
    if (seen.length === 0) return null
    const age = Math.max(0, Date.now() / 1000 - Math.max(...seen))
    const ttl = config?.ttl ?? 30
    return {
      name: 'quorum',
      ...(age <= ttl ? pass : fail)(`the store was last reached ${formatSeconds(age)} ago`),
      limit: `${ttl} s`,
      message:
        'Who leads is decided by a majority of the store. Without one a promotion cannot be made known, and the engine gives up the leader.',
      ...never,
    }
  },
  ({ mode, topology: { leader } }) => {
    const alive = leader?.facts?.writable === true && leader.status !== null
    const observed = leader
      ? `${leader.address.name}: its PostgreSQL ${leader.facts?.writable ? 'takes writes' : leader.facts ? 'takes no writes' : 'does not answer'}, its agent ${leader.status ? `says ${leader.status.state}` : 'does not answer'}`
      : 'there is no leader'
    if (mode === 'switchover') {
      return {
        name: 'leader is alive',
        ...(alive ? pass : fail)(observed),
        limit: 'answers, and takes writes',
        message:
          'A switchover asks the leader to hand over everything that it has. For a leader that is lost there is the failover.',
        ...never,
      }
    }
    return {
      name: LEADER_IS_LOST,
      ...(leader?.facts?.writable ? fail : pass)(observed),
      limit: 'takes no writes',
      message: 'A leader that still takes writes hands over by a switchover, which loses nothing.',
      ...byLoss,
    }
  },
  ({ mode, topology: { members, leader } }) => {
    if (mode === 'switchover') return null
    const hearing = members.filter(
      ({ address, facts }) =>
        address.name !== leader?.address.name &&
        facts?.streaming &&
        (facts.heardMs ?? Number.POSITIVE_INFINITY) < HEARD_MS,
    )
    const names = hearing.map(({ address }) => address.name).join(', ')
    return {
      name: 'members lost the leader too',
      ...(hearing.length === 0 ? pass : fail)(
        hearing.length === 0 ? 'no standby hears from it' : `${names} heard from it in the last 5 s`,
      ),
      limit: 'no standby hears from it',
      message: 'If a standby still streams from the leader it is not lost, but cut off from here.',
      ...byLoss,
    }
  },
]
