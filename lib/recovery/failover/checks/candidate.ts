import { byLoss, type CheckMaker, fail, never, pass, warn } from '@/lib/recovery/failover/checks/situation'
import { formatBytes } from '@/lib/recovery/format'
import { isSynchronous } from '@/lib/recovery/topology/service'

/** A leader that stops first archives what waits: so many segments of 16 MB at the most. */
const UNARCHIVED = 8

/** Bytes: Patroni's own cap for a failover is 1 MB; a switchover's candidate replays this in about a second. */
const MAX_SWITCHOVER_LAG = 16 * 2 ** 20

/** Whom it is about: whether they can take over, and what would be lost. */
export const candidateChecks: CheckMaker[] = [
  ({ candidate }) => ({
    name: 'candidate is reachable',
    ...(candidate?.facts && candidate.status && candidate.facts.standby
      ? pass(`${candidate.address.name} answers and is a standby`)
      : fail(
          candidate
            ? `${candidate.address.name}: its agent ${candidate.status ? 'answers' : 'does not answer'}, its PostgreSQL ${candidate.facts ? (candidate.facts.standby ? 'is a standby' : 'is no standby') : 'does not answer'}`
            : 'no member can be promoted',
        )),
    limit: 'agent and PostgreSQL answer',
    message: 'Only a standby that answers can be promoted, and seen to be.',
    ...never,
  }),
  ({ candidate }) => {
    if (candidate?.status?.tags?.nofailover !== true) return null
    return {
      name: 'candidate may lead',
      ...fail(`${candidate.address.name} has the tag nofailover`),
      limit: 'no such tag',
      message: 'Whoever set it wanted another member to lead.',
      ...never,
    }
  },
  ({ candidate }) => {
    if (!candidate?.facts?.fenced) return null
    return {
      name: 'candidate is not fenced',
      ...fail(`${candidate.address.name} is fenced`),
      limit: 'no fence',
      message:
        'It would lead and acknowledge nothing. The fence is lifted once it follows the leader, or goes when it is reinitialized.',
      ...never,
    }
  },
  ({ topology, candidate }) => {
    if (!candidate?.facts) return null
    const known = topology.members
      .filter((member) => member !== candidate)
      .map(({ facts, status }) => facts?.timeline ?? status?.timeline ?? 0)
    const newest = Math.max(candidate.facts.timeline, ...known)
    return {
      name: 'timeline',
      ...(candidate.facts.timeline === newest ? pass : fail)(
        `${candidate.address.name} is on timeline ${candidate.facts.timeline}, the newest is ${newest}`,
      ),
      limit: `timeline ${newest}`,
      message:
        'On another timeline it never followed the leader to where it is: what was acknowledged since is not there.',
      ...never,
    }
  },
  ({ running }) => ({
    name: 'no other operation',
    ...(running ? fail(`operation ${running} is under way`) : pass('none is under way')),
    limit: 'none',
    message: 'Two operations at once could promote two members.',
    ...never,
  }),
  ({ mode, candidate, lossBytes }) => {
    if (!candidate?.facts) return null
    const limit = mode === 'switchover' ? MAX_SWITCHOVER_LAG : 0
    const observed = lossBytes === null ? 'unknown: nobody saw where the leader was' : formatBytes(lossBytes)
    return {
      name: mode === 'switchover' ? 'lag' : 'loss',
      ...(lossBytes !== null && lossBytes <= limit ? pass : fail)(observed),
      limit: formatBytes(limit),
      message:
        mode === 'switchover'
          ? 'The candidate has to catch up while nobody can write.'
          : 'What the leader acknowledged and the candidate never received is gone.',
      ...byLoss,
    }
  },
  ({ mode, topology, candidate }) => {
    if (!candidate) return null
    const { name } = candidate.address
    const synchronous = isSynchronous(topology, candidate)
    const wanted = Boolean(topology.config?.synchronous_mode)
    return {
      name: 'synchronous',
      ...(synchronous ? pass : wanted ? fail : warn)(
        synchronous ? `commits wait for ${name}` : `commits do not wait for ${name}`,
      ),
      limit: wanted ? 'the candidate is the synchronous standby' : 'better synchronous',
      message: 'Only a synchronous standby is sure to have every commit that was acknowledged.',
      // The engine refuses such a switchover in any case.
      overridable: mode === 'failover' || !wanted,
    }
  },
  ({ candidate }) =>
    candidate?.facts
      ? {
          name: 'replay',
          ...(candidate.facts.replayPaused
            ? fail('replay is paused')
            : pass(
                `${formatBytes(Math.max(0, candidate.facts.flushed - (candidate.facts.replayed ?? candidate.facts.flushed)))} to replay`,
              )),
          limit: 'not paused',
          message: 'A standby that does not replay does not come up: resume it with pg_wal_replay_resume().',
          ...byLoss,
        }
      : null,
  ({ mode, topology: { leader } }) => {
    if (mode === 'failover' || !leader?.facts?.archiving) return null
    const waiting = leader.unarchived
    const bad = leader.facts.archiveFails || (waiting ?? 0) > UNARCHIVED
    return {
      name: 'archive',
      ...(bad ? fail : pass)(
        `${waiting ?? 'unknown'} segments wait${leader.facts.archiveFails ? ', and archiving fails' : ''}`,
      ),
      limit: `${UNARCHIVED} segments, archiving works`,
      message: 'A leader that shuts down archives everything first, and nobody can write meanwhile.',
      ...byLoss,
    }
  },
  ({ candidate, topology: { members } }) => {
    if (!candidate?.facts) return null
    const needed = members.length - 1
    const { freeSenders, freeSlots } = candidate.facts
    return {
      name: 'room for standbys',
      ...(freeSenders >= needed && freeSlots >= needed ? pass : fail)(
        `${freeSenders} senders and ${freeSlots} slots are free`,
      ),
      limit: `${needed} of each`,
      message: 'The other members stream from the new leader: each needs a sender and a slot.',
      ...byLoss,
    }
  },
]
