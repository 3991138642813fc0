import { expect, it } from 'vitest'
import { addMonths, localDate, midnight, nextStart, startOf, timeZoneOf } from '@/db/time-zone'
import { intervalName, QUARTER } from '@/scripts/test/wall-clock'

const DAY = 96 * QUARTER
const [FROM, TO] = [Date.UTC(2020, 0, 1), Date.UTC(2031, 0, 1)]

/** One zone of those whose clocks are always the same. */
const zones = [...new Map(Intl.supportedValuesOf('timeZone').map((name) => [timeZoneOf(name).version, name]))]
const every = process.env.HOLDFAST_RANDOM_SETS === 'all' ? 1 : 6

it.each(zones.filter((_, index) => index % every === 0).map(([, zone]) => zone))(
  'has the same hours, days, weeks and halves of them, and months as a clock on the wall around each change: %s',
  (zone) => {
    const changes = timeZoneOf(zone).changes.filter((at) => at >= FROM && at < TO)
    const wrong: string[] = []
    for (const change of changes.length > 0 ? changes : [Date.UTC(2026, 1, 28)]) {
      const times = Array.from({ length: 384 }, (_, nth) => change - 2 * DAY + nth * QUARTER)
      for (const interval of ['hour', 'day', 'half_week', 'week', 'month'] as const) {
        const nameOf = (at: number) => intervalName(at, interval, zone)
        const names = times.map(nameOf)
        let start = startOf(interval, times[0] as number, zone)
        if (nameOf(start) !== names[0]) wrong.push(`${interval} begins late: ${iso(start)}`)
        if (nameOf(start - QUARTER) === names[0]) wrong.push(`${interval} begins early: ${iso(start)}`)
        times.forEach((at, nth) => {
          const begins = nth > 0 && names[nth] !== names[nth - 1]
          if (begins && nextStart(interval, at - QUARTER, zone) !== at)
            wrong.push(`no ${interval} at ${iso(at)}`)
          if (begins) start = at
          if (startOf(interval, at, zone) !== start) wrong.push(`${interval} of ${iso(at)}`)
        })
      }
    }
    expect(wrong).toEqual([])
  },
)

it.each([
  ['a day without a midnight begins at one', 'America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
  ['of two midnights it is the first', 'America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z'],
  ['a day that was left out begins with the next', 'Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
  ['and ends there', 'Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
  ['clocks that go back at 00:01', 'America/St_Johns', '2008-11-02', '2008-11-02T03:30:00.000Z'],
])('%s (%s)', (_, zone, date, begins) => {
  expect(iso(midnight(date, zone))).toBe(begins)
})

it('half-hour changes make half hours', () => {
  const starts = [startOf('hour', Date.parse('2026-04-04T14:40Z'), 'Australia/Lord_Howe')]
  for (let nth = 0; nth < 3; nth++)
    starts.push(nextStart('hour', starts.at(-1) as number, 'Australia/Lord_Howe'))
  expect(starts.map(iso).map((at) => at.slice(11, 16))).toEqual(['14:00', '15:00', '15:30', '16:30'])
})

it('a month before the 31st is the last day of a shorter one', () => {
  expect(addMonths('2026-03-31', -1)).toBe('2026-02-28')
  expect(addMonths('2024-03-31', -1)).toBe('2024-02-29')
  expect(addMonths('2026-01-31', -2)).toBe('2025-11-30')
})

it('refuses a zone that there is not', () => {
  expect(() => localDate(0, 'Mars/Olympus')).toThrow(RangeError)
  expect(() => midnight('no date', 'UTC')).toThrow(RangeError)
})

const iso = (at: number): string => new Date(at).toISOString()
