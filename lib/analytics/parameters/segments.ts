import type { Segments } from '@/db/queries/analytics/rollups/segments'
import type { Range } from '@/lib/analytics/parameters/range'
import { addDays, localDate, midnight, offset } from '@/lib/analytics/parameters/zone'

const HOUR = 3_600_000

/** What a question needs of the rollups. */
export interface Needs {
  /** The timezone whose days the rollups are by. */
  timezone: string
  /** Its answer is by such intervals of the range's timezone. */
  interval?: string
  /** There are cells by hour for it. */
  hours: boolean
}

/**
 * Divides a range into what cells by day hold, what cells by hour hold at its edges, and the rest, which must be read
 * record by record. Cells serve an answer by intervals only if none lies in two of them.
 */
export function segmentsOf(range: Range, needs: Needs): Segments {
  const [from, to] = [range.from.getTime(), range.to.getTime()]
  const byDay =
    needs.interval === undefined || (needs.interval !== 'hour' && needs.timezone === range.timezone)
  const byHour = needs.hours && (needs.interval === undefined || wholeHours(range))
  const days = byDay
    ? within(from, to, startOfDay(needs.timezone), startOfDay(needs.timezone, -1))
    : undefined
  const edges: [number, number][] = days
    ? [
        [from, days[0]],
        [days[1], to],
      ]
    : [[from, to]]
  const hours = edges.map(([start, end]) =>
    byHour
      ? within(
          start,
          end,
          (at) => Math.ceil(at / HOUR) * HOUR,
          (at) => Math.floor(at / HOUR) * HOUR,
        )
      : undefined,
  )
  const rows = edges.flatMap(([start, end], index): [number, number][] => {
    const whole = hours[index]
    return whole
      ? [
          [start, whole[0]],
          [whole[1], end],
        ]
      : [[start, end]]
  })
  const spans = (pairs: ([number, number] | undefined)[]) =>
    pairs.flatMap((pair) =>
      pair && pair[0] < pair[1] ? [{ from: new Date(pair[0]), to: new Date(pair[1]) }] : [],
    )
  return { days: spans([days]), hours: spans(hours), rows: spans(rows) }
}

type Bound = (at: number) => number

/** The whole cells within a span, if there are any. */
function within(from: number, to: number, up: Bound, down: Bound): [number, number] | undefined {
  const cells: [number, number] = [up(from), down(to)]
  return cells[0] < cells[1] ? cells : undefined
}

/** The first midnight at or after an instant; with -1 the last at or before it. */
function startOfDay(timezone: string, side: 1 | -1 = 1): Bound {
  return (at) => {
    const date = localDate(at, timezone)
    const start = midnight(date, timezone)
    return start === at || side === -1 ? start : midnight(addDays(date, 1), timezone)
  }
}

/** Whether the hours of the timezone are those of UTC, at both ends of the range. */
function wholeHours({ from, to, timezone }: Range): boolean {
  return [from, to].every((at) => offset(at.getTime(), timezone) % HOUR === 0)
}
