import { describe, expect, it } from 'vitest'
import type { Backup, Repository } from '@/lib/recovery/backups/contract'
import { timeTicks } from './axis'
import { type FigureInput, modelOf } from './figure-model'
import { placeLabels } from './place-labels'
import { bytesOfLsn, bytesOfSegment, timeOf } from './places'

const NOON = Date.UTC(2026, 10, 12, 12)
const HOUR = 3_600_000
const iso = (time: number): string => new Date(time).toISOString()

const backup = (time: number, lsn: string, more: Partial<Backup> = {}): Backup => ({
  id: iso(time),
  repository: 1,
  kind: 'full',
  base: null,
  startedAt: iso(time),
  endedAt: iso(time),
  member: 'b',
  timeline: 1,
  startLsn: lsn,
  stopLsn: lsn,
  sizeBytes: 1,
  storedBytes: 1,
  state: 'complete',
  problems: [],
  verified: null,
  drilled: null,
  ...more,
})

const repository: Repository = {
  number: 1,
  location: '/backups',
  reachable: true,
  backups: 2,
  segments: 9,
  storedBytes: 1,
  window: {
    from: iso(NOON - 5 * HOUR),
    fromLsn: '0/A000000',
    to: iso(NOON),
    toLsn: '0/F000000',
    timeline: 1,
  },
  gaps: [],
  rpoSeconds: 0,
  behind: null,
  problems: [],
}

const input: FigureInput = {
  repositories: [repository],
  backups: [backup(NOON, '0/F000000'), backup(NOON - 10 * HOUR, '0/5000000')],
  restorePoints: [],
  now: NOON,
}

describe('where WAL lies in time', () => {
  it('reads LSNs and the names of segments as bytes', () => {
    expect(bytesOfLsn('1/2000010')).toBe(2 ** 32 + 0x2000010)
    expect(bytesOfSegment('000000010000000100000002')).toBe(2 ** 32 + 0x2000000)
  })

  it('reckons between known LSNs, and never beyond them', () => {
    const anchors = [
      { at: 300, time: 2_000 },
      { at: 100, time: 1_000 },
    ]
    expect(timeOf(150, anchors)).toBe(1_250)
    expect(timeOf(50, anchors)).toBe(1_000)
    expect(timeOf(900, anchors)).toBe(2_000)
    expect(timeOf(900, [])).toBeNull()
  })
})

describe('the picture of backups', () => {
  it('places backups, window and now on one axis, with room at both ends', () => {
    const model = modelOf(input)
    const [lane] = model?.lanes ?? []
    const [newest, oldest] = lane?.marks ?? []
    expect(oldest?.x).toBeCloseTo(0.037, 3)
    expect(newest?.x).toBe(model?.now)
    expect(lane?.window?.[0]).toBeCloseTo(((oldest?.x ?? 0) + (newest?.x ?? 0)) / 2)
    expect(lane?.archive).toEqual([oldest?.x, newest?.x])
  })

  it('draws a gap where its WAL was written', () => {
    const gap = {
      timeline: 1,
      from: '00000001000000000000000A',
      to: '00000001000000000000000A',
      segments: 1,
      backup: 'first',
    }
    const lane = modelOf({ ...input, repositories: [{ ...repository, window: null, gaps: [gap] }] })?.lanes[0]
    const [from = 0, to = 0] = lane?.gaps[0]?.bar ?? []
    const [oldest, newest] = [lane?.marks[1]?.x ?? 0, lane?.marks[0]?.x ?? 0]
    expect(from).toBeCloseTo(oldest + (newest - oldest) / 2)
    expect(to).toBeCloseTo(oldest + (newest - oldest) * 0.6)
  })

  it('reaches a target that lies before the first backup', () => {
    const model = modelOf({ ...input, target: { at: NOON - 20 * HOUR, reachable: false } })
    expect(model?.target?.x).toBeGreaterThan(0)
    expect(model?.target?.x).toBeLessThan(model?.lanes[0]?.marks[1]?.x ?? 0)
  })

  it('says what a backup is worth: one whose drill failed is not whole', () => {
    const drilled = { at: iso(NOON), passed: false, rtoSeconds: null, taskId: 'x' }
    const backups = [backup(NOON, '0/F000000', { drilled }), backup(NOON, '0/F000000')]
    const marks = modelOf({ ...input, backups })?.lanes[0]?.marks.map(({ worth }) => worth)
    expect(marks).toEqual(['failed', 'whole'])
  })

  it('is nothing without a backup', () => {
    expect(modelOf({ ...input, backups: [] })).toBeNull()
  })
})

it('has at most six round times on the axis, whatever its length', () => {
  for (const hours of [0.2, 1, 5, 30, 24 * 16, 24 * 400]) {
    const ticks = timeTicks(NOON - hours * HOUR, NOON)
    expect(ticks.length).toBeGreaterThan(0)
    expect(ticks.length).toBeLessThanOrEqual(7)
  }
  expect(timeTicks(NOON - 24 * HOUR, NOON).map(({ label }) => label)).toEqual([
    '12:00',
    '18:00',
    '12 Nov',
    '06:00',
    '12:00',
  ])
})

it('names only what has room, the newest first', () => {
  const names = placeLabels([
    { name: 'an-older-one', x: 0.5 },
    { name: 'a-newer-one', x: 0.52 },
    { name: 'at-the-end', x: 0.98 },
  ])
  expect(names.map(({ name, shown, end }) => [name, shown, end])).toEqual([
    ['at-the-end', true, true],
    ['a-newer-one', true, false],
    ['an-older-one', false, false],
  ])
})
