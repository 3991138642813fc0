import { expect, test } from 'vitest'
import { formatDuration, NONE } from '@/components/ui/format'

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
