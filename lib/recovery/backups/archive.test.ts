import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  leadsTo,
  lineThrough,
  newestTimeline,
  parseHistory,
  parseLsn,
  parseSegment,
  segmentName,
  walkArchive,
} from '@/lib/recovery/backups/archive'
import { seed } from '@/scripts/test/random-sets'

const MB16 = 16 * 2 ** 20
const wal = (timeline: number, ...numbers: number[]) =>
  numbers.map((number) => ({ name: segmentName({ timeline, number }, MB16), bytes: 1, at: number * 1000 }))
const archive = (files: ReturnType<typeof wal>, histories: [number, string][] = []) => ({
  wal: files,
  histories: new Map(histories),
  segmentBytes: MB16,
})
const at = (number: number, bytes = 0) => number * MB16 + bytes

test('names and numbers of segments are each other’s', () => {
  expect(segmentName({ timeline: 1, number: 1 }, MB16)).toBe('000000010000000000000001')
  expect(segmentName({ timeline: 26, number: 256 }, MB16)).toBe('0000001A0000000100000000')
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 2 ** 24 }),
      fc.constantFrom(2 ** 20, MB16, 2 ** 30),
      (timeline, number, bytes) => {
        expect(parseSegment(segmentName({ timeline, number }, bytes), bytes)).toEqual({ timeline, number })
      },
    ),
    { seed },
  )
  for (const name of [
    '00000002.history',
    '000000010000000000000001.partial',
    '000000010000000000000001.00000028.backup',
  ])
    expect(parseSegment(name, MB16)).toBeNull()
})

test('LSNs and history files are read', () => {
  expect(parseLsn('1/10')).toBe(2 ** 32 + 16)
  expect(parseHistory('1\t0/5000060\tno recovery target specified\n\n2\t0/7000000\tbefore 2026\n')).toEqual([
    { timeline: 1, end: parseLsn('0/5000060') },
    { timeline: 2, end: parseLsn('0/7000000') },
  ])
})

test('everything from the start of a backup on can be reached', () => {
  const walk = walkArchive({ timeline: 1, startLsn: at(3, 40) }, archive(wal(1, 1, 2, 3, 4, 5)))
  expect(walk).toMatchObject({ gaps: [], reach: at(6), timeline: 1, at: 5000 })
  expect(walk.files).toHaveLength(3)
})

test('a missing segment is a gap, and nothing after it can be reached', () => {
  const walk = walkArchive({ timeline: 1, startLsn: at(2) }, archive(wal(1, 2, 3, 6, 8)))
  expect(walk.gaps).toEqual([
    {
      timeline: 1,
      from: segmentName({ timeline: 1, number: 4 }, MB16),
      to: segmentName({ timeline: 1, number: 5 }, MB16),
      segments: 2,
    },
    {
      timeline: 1,
      from: segmentName({ timeline: 1, number: 7 }, MB16),
      to: segmentName({ timeline: 1, number: 7 }, MB16),
      segments: 1,
    },
  ])
  expect(walk).toMatchObject({ reach: at(4), at: 3000 })
  expect(walkArchive({ timeline: 1, startLsn: at(2) }, archive(wal(1, 2, 3, 6, 8)), at(3, 5)).gaps).toEqual(
    [],
  )
})

test('the walk goes over to the timelines that follow, and on no other', () => {
  const histories: [number, string][] = [
    [2, `1\t0/${at(5, 96).toString(16)}\tx`],
    // A recovery that was begun from before the backup: not its future.
    [3, `1\t0/${at(2).toString(16)}\tx`],
    [4, `1\t0/${at(5, 96).toString(16)}\tx\n2\t0/${at(7).toString(16)}\tx`],
  ]
  const files = [...wal(1, 3, 4), ...wal(2, 5, 6), ...wal(3, 2, 3, 4, 5, 6, 7, 8, 9), ...wal(4, 7, 8)]
  expect(walkArchive({ timeline: 1, startLsn: at(3) }, archive(files, histories))).toMatchObject({
    gaps: [],
    reach: at(9),
    timeline: 4,
  })
  const lacking = files.filter(({ name }) => name !== segmentName({ timeline: 2, number: 5 }, MB16))
  expect(walkArchive({ timeline: 1, startLsn: at(3) }, archive(lacking, histories))).toMatchObject({
    gaps: [{ timeline: 2, segments: 1 }],
    reach: at(5),
    timeline: 1,
  })
})

test('a backup that a recovery left behind leads along its own timeline, and to the newer one only if that has all of it', () => {
  const found = archive(
    [...wal(1, 3, 4, 5, 6, 7), ...wal(2, 5, 6)],
    [[2, `1\t0/${at(5, 96).toString(16)}\tx`]],
  )
  const before = { timeline: 1, startLsn: at(3), stopLsn: at(4) }
  const after = { timeline: 1, startLsn: at(3), stopLsn: at(6) }
  expect(walkArchive(before, found)).toMatchObject({ along: 2, reach: at(7), gaps: [] })
  expect(walkArchive(after, found)).toMatchObject({ along: 1, reach: at(8), gaps: [] })
  expect(walkArchive(before, found, undefined, 1)).toMatchObject({ along: 1, reach: at(8) })
  expect([leadsTo(before, found, 2), leadsTo(after, found, 2), leadsTo(after, found, 1)]).toEqual([
    true,
    false,
    true,
  ])
  expect(newestTimeline(found)).toBe(2)
  expect(lineThrough({ timeline: 1, lsn: at(4) }, found)).toBe(2)
  expect(lineThrough({ timeline: 1, lsn: at(6) }, found)).toBe(1)
  // An increment that began on the first and ended on the second.
  expect(walkArchive({ ...before, stopLsn: at(6, 5), stopTimeline: 2 }, found)).toMatchObject({
    along: 2,
    reach: at(7),
  })
})

test('of a new timeline nothing may be archived yet', () => {
  const histories: [number, string][] = [[2, `1\t0/${at(5, 96).toString(16)}\tx`]]
  expect(walkArchive({ timeline: 1, startLsn: at(3) }, archive(wal(1, 3, 4), histories))).toMatchObject({
    gaps: [],
    reach: at(5),
    timeline: 1,
  })
})

test('whatever is missing, the reach is where a plain count ends', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 30 })),
      fc.integer({ min: 0, max: 30 }),
      (numbers, start) => {
        const there = new Set(numbers)
        let end = start
        while (there.has(end)) end++
        const newest = Math.max(-1, ...numbers)
        const walk = walkArchive({ timeline: 1, startLsn: at(start) }, archive(wal(1, ...numbers)))
        expect(walk.reach).toBe(at(end))
        expect(walk.gaps.reduce((sum, { segments }) => sum + segments, 0)).toBe(
          Array.from({ length: Math.max(0, newest - start + 1) }, (_, i) => start + i).filter(
            (one) => !there.has(one),
          ).length,
        )
      },
    ),
    { seed },
  )
})
