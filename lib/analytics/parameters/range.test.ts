import { describe, expect, it } from 'vitest'
import type { Project } from '@/lib/access/caller'
import { previousRange, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'

const project = (timezone: string): Project => ({
  id: '',
  name: '',
  timezone,
  retentionDays: null,
  allowedOrigins: [],
  dropBots: true,
  allowedAgents: [],
  hashRoutes: false,
})
const now = Date.parse('2026-11-22T15:30:00Z')
const iso = (range: { from: Date; to: Date }) => [range.from.toISOString(), range.to.toISOString()]

describe('resolveRange', () => {
  it('counts today among the last 30 days', () => {
    expect(iso(resolveRange({ from: '-30d' }, project('UTC'), now))).toEqual([
      '2026-10-24T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
    ])
  })

  it('reaches to the end of the hour where it begins at an hour', () => {
    expect(iso(resolveRange({ from: '-3h' }, project('Asia/Kolkata'), now))).toEqual([
      '2026-11-22T13:00:00.000Z',
      '2026-11-22T16:00:00.000Z',
    ])
  })

  it('takes a date as midnight in the timezone, as end the midnight after it', () => {
    const range = resolveRange(
      { from: '2015-05-17', to: '2015-05-20', timezone: 'Europe/Berlin' },
      project('UTC'),
      now,
    )
    expect(iso(range)).toEqual(['2015-05-16T22:00:00.000Z', '2015-05-20T22:00:00.000Z'])
  })

  it.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['2026-01-01', 'Asia/Kolkata', '2025-12-31T18:30:00.000Z', '2026-01-01T18:30:00.000Z'],
  ])('finds the day %s in %s, whatever its length', (date, timezone, from, to) => {
    expect(iso(resolveRange({ from: date, to: date, timezone }, project('UTC'), now))).toEqual([from, to])
  })

  it('takes hours, weeks and months back from now', () => {
    expect(iso(resolveRange({ from: '-24h' }, project('UTC'), now))[0]).toBe('2026-11-21T16:00:00.000Z')
    expect(iso(resolveRange({ from: '-1w' }, project('UTC'), now))[0]).toBe('2026-11-16T00:00:00.000Z')
    expect(iso(resolveRange({ from: '-12m' }, project('Asia/Tokyo'), now))[0]).toBe(
      '2025-11-22T15:00:00.000Z',
    )
  })

  it('takes the last day of a shorter month for one that it does not have', () => {
    const march = Date.parse('2026-03-31T12:00:00Z')
    expect(iso(resolveRange({ from: '-1m' }, project('UTC'), march))[0]).toBe('2026-02-28T00:00:00.000Z')
  })

  it('refuses an end before the start', () => {
    expect(() => resolveRange({ from: '2026-01-02', to: '2026-01-01' }, project('UTC'), now)).toThrow(
      /before it begins/,
    )
  })

  it('compares with the same length of time just before', () => {
    const range = resolveRange({ from: '2026-01-08', to: '2026-01-14' }, project('UTC'), now)
    expect(iso(previousRange(range))).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-08T00:00:00.000Z'])
  })

  it('compares what has passed of today with as much of yesterday', () => {
    const range = resolveRange({ from: '-1d' }, project('Europe/Berlin'), now)
    expect(iso(previousRange(range))).toEqual(['2026-11-20T23:00:00.000Z', '2026-11-21T15:30:00.000Z'])
  })

  it('goes back whole days over a change of clocks', () => {
    const range = resolveRange({ from: '2026-03-29', to: '2026-03-29' }, project('Europe/Berlin'), now)
    expect(iso(previousRange(range))).toEqual(['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z'])
  })
})

describe('resolveInterval', () => {
  const days = (count: number) => ({ from: new Date(0), to: new Date(count * 86_400_000), timezone: 'UTC' })

  it.each([
    [2, 'hour'],
    [30, 'day'],
    [92, 'day'],
    [365, 'week'],
    [800, 'month'],
  ])('suits %i days: %s', (count, interval) => {
    expect(resolveInterval(undefined, days(count))).toBe(interval)
  })

  it('refuses more points than a chart can hold', () => {
    expect(() => resolveInterval('hour', days(400))).toThrow(/Too short/)
  })
})
