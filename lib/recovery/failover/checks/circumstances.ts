import { byLoss, type CheckMaker, fail, pass, warn } from '@/lib/recovery/failover/checks/situation'
import { formatSeconds } from '@/lib/recovery/format'

/** Less than this since the last promotion is a repeated failover, in milliseconds. */
export const COOL_DOWN_MS = { switchover: 60_000, failover: 10 * 60_000 }

/** What goes on beside it. */
export const circumstanceChecks: CheckMaker[] = [
  ({ mode, topology: { leader }, backing }) => {
    if (mode === 'failover') return null
    const runs = backing || leader?.facts?.backupRuns === true
    return {
      name: 'no backup under way',
      ...(runs ? fail('a base backup is running') : pass('none is running')),
      limit: 'none',
      message: 'It would be broken off, and has to begin anew.',
      ...byLoss,
    }
  },
  ({ topology: { cluster } }) => ({
    name: 'engine is not paused',
    ...(cluster?.pause ? fail('it is paused') : pass('it is not paused')),
    limit: 'not paused',
    message: 'While it is paused nobody looks after what follows: a member that fails is not brought back.',
    ...byLoss,
  }),
  ({ topology: { cluster } }) => {
    const planned = cluster?.scheduled_switchover
    if (!planned) return null
    return {
      name: 'nothing is scheduled',
      ...fail(`a switchover is planned for ${planned.at}`),
      limit: 'none',
      message: 'The leader would move a second time: cancel it first, or wait for it.',
      ...byLoss,
    }
  },
  ({ mode, topology: { promotedAt, at } }) => {
    if (promotedAt === null) return null
    const age = at - promotedAt
    const limit = COOL_DOWN_MS[mode]
    return {
      name: 'cool-down',
      ...(age >= limit ? pass : fail)(`the last promotion was ${formatSeconds(age / 1000)} ago`),
      limit: formatSeconds(limit / 1000),
      message: 'A leader that moves again and again has a cause that moving does not mend.',
      ...byLoss,
    }
  },
  ({ candidate }) =>
    candidate?.facts?.pendingRestart || candidate?.status?.pending_restart
      ? {
          name: 'settings',
          ...warn(`${candidate.address.name} has settings that wait for a restart`),
          limit: 'none',
          message: 'It would lead with other settings than those that were written down.',
          ...byLoss,
        }
      : null,
  ({ topology: { members } }) => {
    const old = members.find(({ status }) => isRisky(status?.patroni?.version))
    if (!old) return null
    return {
      name: 'engine’s version',
      ...warn(`Patroni ${old.status?.patroni?.version} on ${old.address.name}`),
      limit: '3.0.3 or newer, or etcd by its v2 API',
      message:
        'With etcd3 these versions can let a leader that was frozen take the lock back, and lose acknowledged writes.',
      ...byLoss,
    }
  },
]

/** https://github.com/patroni/patroni/pull/2693 came with 3.0.3. */
function isRisky(version: string | undefined): boolean {
  const [major = 9, minor = 0, patch = 0] = (version ?? '9').split('.').map(Number)
  return major < 3 || (major === 3 && minor === 0 && patch < 3)
}
