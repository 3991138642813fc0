import { describe, expect, it } from 'vitest'
import type { MemberFacts } from '@/db/queries/recovery/member-facts'
import { rankCandidates } from '@/lib/recovery/failover/candidates'
import { checkSituation } from '@/lib/recovery/failover/checks'
import type { Situation } from '@/lib/recovery/failover/checks/situation'
import { verdictOf } from '@/lib/recovery/failover/plan'
import type { MemberView, Topology } from '@/lib/recovery/topology/service'

/** Which fault fails which check, and whether an operator may override it. The faults themselves are made in the e2e tests. */

const MB = 2 ** 20
const facts = (change: Partial<MemberFacts> = {}): MemberFacts => ({
  standby: true,
  writable: false,
  timeline: 3,
  systemIdentifier: '7',
  flushed: 100 * MB,
  replayed: 100 * MB,
  replayPaused: false,
  streaming: true,
  heardMs: 500,
  standbys: [],
  synchronousMode: false,
  freeSenders: 9,
  freeSlots: 9,
  archiving: true,
  archiveFails: false,
  backupRuns: false,
  pendingRestart: false,
  conflicts: 0,
  fenced: false,
  ...change,
})
const member = (name: string, change: Partial<MemberView> = {}): MemberView => ({
  address: { name, host: '127.0.0.1', port: 1, restPort: 2 },
  status: {
    state: 'running',
    role: 'replica',
    timeline: 3,
    dcs_last_seen: Date.now() / 1000,
    sync_standby: name === 'b',
  },
  facts: facts(),
  unarchived: null,
  ...change,
})
const leading = (change: Partial<MemberFacts> = {}) =>
  member('a', {
    status: { state: 'running', role: 'primary', timeline: 3, dcs_last_seen: Date.now() / 1000 },
    facts: facts({
      standby: false,
      writable: true,
      replayed: null,
      streaming: false,
      heardMs: null,
      standbys: [{ name: 'b', state: 'streaming', synchronous: true, flushed: 100 * MB }],
      ...change,
    }),
    unarchived: 0,
  })

function situation(change: Partial<Situation> = {}, topology: Partial<Topology> = {}): Situation {
  const members = topology.members ?? [leading(), member('b')]
  return {
    mode: 'switchover',
    candidate: members.find(({ address }) => address.name === 'b') ?? null,
    lossBytes: 0,
    running: null,
    backing: false,
    topology: {
      at: Date.now(),
      name: 'holdfast',
      members,
      leader: members[0] ?? null,
      writable: members.filter((one) => one.facts?.writable),
      cluster: { members: [] },
      config: { ttl: 30, maximum_lag_on_failover: MB, synchronous_mode: true },
      history: [],
      promotedAt: null,
      key: '',
      ...topology,
    },
    ...change,
  }
}
const outcome = (given: Situation) => {
  const checks = checkSituation(given)
  const failed = checks.filter(({ status }) => status === 'fail').map(({ name }) => name)
  return { failed, verdict: verdictOf(checks) }
}
const lost = member('a', { status: null, facts: null })

describe('a switchover', () => {
  it('is ready while all is well', () => {
    expect(outcome(situation())).toEqual({ failed: [], verdict: 'ready' })
  })

  it.each<[string, Situation, string[], string]>([
    [
      'no agent answers',
      situation({}, { members: [member('a', { status: null }), member('b', { status: null })] }),
      ['topology', 'one writable member', 'leader is alive', 'candidate is reachable', 'synchronous'],
      'refused',
    ],
    [
      'two members take writes',
      situation(
        {},
        { members: [leading(), member('b', { facts: facts({ standby: false, writable: true }) })] },
      ),
      ['one writable member', 'candidate is reachable', 'synchronous'].slice(0, 2),
      'refused',
    ],
    [
      'the store has no majority',
      situation(
        {},
        {
          members: [leading(), member('b')].map((one) => ({
            ...one,
            status: {
              state: 'running',
              role: 'replica',
              ...one.status,
              dcs_last_seen: Date.now() / 1000 - 60,
            },
          })),
        },
      ),
      ['quorum'],
      'refused',
    ],
    [
      'the leader is lost',
      situation({}, { members: [lost, member('b')], leader: lost }),
      ['one writable member', 'leader is alive'],
      'refused',
    ],
    [
      'the candidate does not answer',
      situation({}, { members: [leading(), member('b', { facts: null })] }),
      ['candidate is reachable'],
      'refused',
    ],
    [
      'the candidate must not lead',
      situation(
        {},
        {
          members: [
            leading(),
            member('b', {
              status: { state: 'running', role: 'replica', sync_standby: true, tags: { nofailover: true } },
            }),
          ],
        },
      ),
      ['candidate may lead'],
      'refused',
    ],
    [
      'the candidate is on an older timeline',
      situation({}, { members: [leading(), member('b', { facts: facts({ timeline: 2 }) })] }),
      ['timeline'],
      'refused',
    ],
    ['a backup is being made', situation({ backing: true }), ['no backup under way'], 'overridable'],
    ['another operation is under way', situation({ running: 'x' }), ['no other operation'], 'refused'],
    ['the candidate lags', situation({ lossBytes: 17 * MB }), ['lag'], 'overridable'],
    [
      'the candidate is not synchronous',
      situation(
        {},
        {
          members: [
            leading({ standbys: [] }),
            member('b', { status: { state: 'running', role: 'replica' } }),
          ],
        },
      ),
      ['synchronous'],
      'refused',
    ],
    [
      'replay is paused',
      situation({}, { members: [leading(), member('b', { facts: facts({ replayPaused: true }) })] }),
      ['replay'],
      'overridable',
    ],
    [
      'archiving fails',
      situation({}, { members: [leading({ archiveFails: true }), member('b')] }),
      ['archive'],
      'overridable',
    ],
    [
      'the candidate has no room for standbys',
      situation({}, { members: [leading(), member('b', { facts: facts({ freeSlots: 0 }) })] }),
      ['room for standbys'],
      'overridable',
    ],
    [
      'a backup is running',
      situation({}, { members: [leading({ backupRuns: true }), member('b')] }),
      ['no backup under way'],
      'overridable',
    ],
    [
      'the engine is paused',
      situation({}, { cluster: { members: [], pause: true } }),
      ['engine is not paused'],
      'overridable',
    ],
    [
      'a switchover is scheduled',
      situation({}, { cluster: { members: [], scheduled_switchover: { at: '2026-12-01T00:00:00Z' } } }),
      ['nothing is scheduled'],
      'overridable',
    ],
    [
      'the leader moved a moment ago',
      situation({}, { promotedAt: Date.now() - 5_000 }),
      ['cool-down'],
      'overridable',
    ],
  ])('when %s', (_fault, given, failed, verdict) => {
    expect(outcome(given)).toEqual({ failed, verdict })
  })
})

describe('a failover', () => {
  const synced = member('b', {
    status: { state: 'running', role: 'replica', sync_standby: true },
    facts: facts({ streaming: false, heardMs: 60_000 }),
  })

  it('is ready when the leader is lost and commits waited for the candidate', () => {
    expect(outcome(situation({ mode: 'failover' }, { members: [lost, synced], leader: lost }))).toEqual({
      failed: [],
      verdict: 'ready',
    })
  })

  it('wants the loss to be named when there may be one', () => {
    const behind = member('b', {
      status: { state: 'running', role: 'replica' },
      facts: facts({ streaming: false }),
    })
    const given = (lossBytes: number | null) =>
      situation({ mode: 'failover', lossBytes }, { members: [lost, behind], leader: lost })
    expect(outcome(given(5))).toEqual({ failed: ['loss', 'synchronous'], verdict: 'overridable' })
    expect(outcome(given(null)).failed).toContain('loss')
  })

  it('is doubted while the leader takes writes, or a standby hears from it', () => {
    expect(outcome(situation({ mode: 'failover' }))).toEqual({
      failed: ['leader is lost', 'members lost the leader too'],
      verdict: 'overridable',
    })
  })
})

describe('the candidate', () => {
  const of = (...members: MemberView[]) => rankCandidates(situation({}, { members }).topology, 'switchover')

  it('is the one that commits wait for, then the one that received most', () => {
    const c = member('c', { facts: facts({ flushed: 90 * MB }) })
    const d = member('d', { facts: facts({ flushed: 95 * MB }) })
    expect(of(leading(), c, d, member('b')).candidate?.address.name).toBe('b')
    expect(of(leading(), c, d).candidate?.address.name).toBe('d')
    expect(of(leading(), c, d, member('b')).candidates.map(({ name }) => name)).toEqual(['b', 'd', 'c'])
  })

  it('is nobody when none may be promoted, and says why of each', () => {
    const { candidate, candidates } = of(
      leading(),
      member('b', { facts: null }),
      member('c', { status: null }),
    )
    expect(candidate).toBeNull()
    expect(candidates.map(({ reason }) => reason)).toEqual([
      'Its PostgreSQL does not answer',
      'Its agent does not answer',
    ])
  })
})
