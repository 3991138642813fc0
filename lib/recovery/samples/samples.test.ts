import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Member, ReplicationStatus } from '@/lib/recovery/replication/contract'
import { keepSample } from './keep'
import { readReplicationSamples } from './service'

let folder: string
/** Begins a file of an hour and of a day. */
const begin = Date.parse('2026-03-02T00:00:00Z')
const minutes = (count: number) => count * 60_000

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  process.env.DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none'
  folder = mkdtempSync(join(tmpdir(), 'holdfast-samples-'))
  process.env.HOLDFAST_DATA_DIR = folder
  process.env.NEXTAUTH_SECRET = 'a secret that only this test knows of'
})
afterAll(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => rmSync(join(folder, 'recovery'), { recursive: true, force: true }))

const member = (name: string, change: Partial<Member> = {}): Member =>
  ({
    ...{ name, role: 'standby', healthy: true, lagBytes: 0 },
    lagMs: { write: null, flush: null, replay: null },
    ...change,
  }) as Member
const see = (at: number, members: Member[]) =>
  keepSample({ asOf: new Date(at).toISOString(), members } as ReplicationStatus)
const leads = { role: 'leader', lagBytes: null } as const

it('a range has equal steps, each with the worst of its time; where nothing was seen is a gap', async () => {
  for (let at = begin; at < begin + minutes(30); at += 2_000) {
    const peak = at === begin + minutes(10) + 4_000
    const lag = peak ? { lagBytes: 9_000, lagMs: { write: 1, flush: 2, replay: 350 } } : {}
    const away = at >= begin + minutes(20) && at < begin + minutes(21)
    if (!away) see(at, [member('a', leads), member('b', { ...lag, healthy: !peak })])
  }
  vi.setSystemTime(begin + minutes(30) - 1)
  const hour = await readReplicationSamples({ range: '1h' })
  expect(hour).toMatchObject({
    from: '2026-03-01T23:30:00.000Z',
    to: '2026-03-02T00:30:00.000Z',
    stepSeconds: 10,
  })
  expect(hour.members.map(({ name, points }) => [name, points.length])).toEqual([
    ['a', 360],
    ['b', 360],
  ])
  const [a, b] = hour.members.map(({ points }) => new Map(points.map((point) => [point.at, point])))
  expect(b?.get('2026-03-02T00:10:00.000Z')).toMatchObject({ lagBytes: 9_000, replayMs: 350, healthy: false })
  expect(b?.get('2026-03-02T00:10:10.000Z')).toMatchObject({ lagBytes: 0, replayMs: 0, healthy: true })
  expect(b?.get('2026-03-02T00:20:30.000Z')).toMatchObject({ role: null, healthy: null, lagBytes: null })
  expect(b?.get('2026-03-01T23:50:00.000Z')).toMatchObject({ role: null })
  expect(a?.get('2026-03-02T00:10:00.000Z')).toMatchObject({ role: 'leader', lagBytes: null, replayMs: null })
  expect(hour.asOf).toBe('2026-03-02T00:29:58.000Z')
})

it('a day is read from the worst of each minute, and a peak of one sample is not lost', async () => {
  for (let at = begin; at <= begin + minutes(60); at += 10_000)
    see(at, [member('b', { lagBytes: at === begin + minutes(33) + 20_000 ? 777 : 1 })])
  vi.setSystemTime(begin + minutes(61))
  const { members, stepSeconds } = await readReplicationSamples({ range: '24h' })
  expect(stepSeconds).toBe(300)
  const peaks = lastOf(members)?.points.filter(({ lagBytes }) => (lagBytes ?? 0) > 1)
  expect(peaks).toMatchObject([{ at: '2026-03-02T00:30:00.000Z', lagBytes: 777 }])
  const week = await readReplicationSamples({ range: '7d' })
  expect(lastOf(week.members)?.points.some(({ lagBytes }) => lagBytes === 777)).toBe(true)
})

it('a line that a crash cut off is passed over, the one after it too is read', async () => {
  see(begin, [member('b')])
  appendFileSync(join(folder, 'recovery/samples', seconds()[0] ?? ''), '{"at":177,"mem\n')
  see(begin + 10_000, [member('b', { lagBytes: 5 })])
  vi.setSystemTime(begin + 15_000)
  const { members } = await readReplicationSamples({ range: '1h' })
  expect(members[0]?.points.filter(({ role }) => role).map(({ lagBytes }) => lagBytes)).toEqual([0, 5])
})

it('what is older than 7 days is deleted', () => {
  see(begin + minutes(120), [member('b')])
  see(begin + minutes(125), [member('b')])
  const old = seconds()
  see(begin + 7 * 24 * minutes(60), [member('b')])
  expect(seconds()).toEqual(expect.arrayContaining(old))
  see(begin + 8 * 24 * minutes(60), [member('b')])
  expect(seconds()).not.toEqual(expect.arrayContaining(old))
})

it('without a folder there are none', async () => {
  rmSync(join(folder, 'recovery'), { recursive: true, force: true })
  expect((await readReplicationSamples({ range: '6h' })).members).toEqual([])
})

/** The minute that the test before left behind may name more. */
const lastOf = <T>(members: T[]): T | undefined => members.at(-1)

const seconds = (): string[] =>
  readdirSync(join(folder, 'recovery/samples')).filter((name) => name.startsWith('seconds'))
