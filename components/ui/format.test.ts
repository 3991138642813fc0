import { describe, expect, it, test } from 'vitest'
import { formatDay, formatDuration, formatMoment, formatStart, NONE } from '@/components/ui/format'
import { adoptTimeZones } from '@/components/ui/local-time'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

test.each([
  [null, NONE],
  [0, '0 ms'],
  [9.96, '10 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [3 * minute, '3 min 0 s'],
  [6 * minute - 501, '5 min 59 s'],
  [6 * minute - 20, '6 min 0 s'],
  [6 * minute + 499, '6 min 0 s'],
  [hour - 501, '59 min 59 s'],
  [hour - 500, '1 h 0 min'],
  [2 * hour - 31 * second, '1 h 59 min'],
  [2 * hour - 30 * second, '2 h 0 min'],
])('a duration of %s ms is rounded to the last unit that is shown: %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

describe('times', () => {
  it('are what the clocks of the timezone show', () => {
    expect(formatMoment('2026-07-01T22:30:05Z', 'Europe/Berlin')).toBe('2 Jul 2026, 00:30:05')
    expect(formatStart('2026-11-01T04:00:00Z', 'America/Havana', 'hour', true)).toBe('1 Nov 2026, 00:00')
  })

  it('are by the server’s clocks, where they are known', () => {
    adoptTimeZones({
      'America/Vancouver': {
        changes: [Date.parse('2026-11-01T09:00Z')],
        offsets: [-7 * 3_600_000, -8 * 3_600_000],
      },
      'America/Whitehorse': { changes: [], offsets: [3_600_000] },
    })
    expect(formatMoment('2026-11-01T08:59:59Z', 'America/Vancouver')).toBe('1 Nov 2026, 01:59:59')
    expect(formatMoment('2026-11-01T09:00:00Z', 'America/Vancouver')).toBe('1 Nov 2026, 01:00:00')
    expect(formatDay('2026-11-01T23:30:00Z', 'America/Whitehorse')).toBe('2 Nov 2026')
  })
})
