import type { Segments } from '@/db/queries/analytics/rollups/segments'
import { hasWholeHours, nextStart, startOf } from '@/db/time-zone'
import type { Range } from '@/lib/analytics/parameters/range'

/** What a question needs of the rollups. */
export interface Needs {
  /** The timezone whose days the rollups are by. */
  timezone: string
  /** Its answer is by such intervals of the range's timezone. */
  interval?: string
  /** There are cells by hour for it, and by more than a day. */
  hours: boolean
  weeks: boolean
}

type Pair = [from: number, to: number]

/**
 * Divides a range into what cells by week hold, at its edges by half a week and by day, at theirs by hour, and the rest, which
 * must be read record by record. Cells serve an answer by intervals only if none lies in two of them.
 */
export function segmentsOf(range: Range, { timezone, interval, hours, weeks }: Needs): Segments {
  const sameDays = timezone === range.timezone
  const ofWeeks = weeks && (interval === undefined || (interval === 'week' && sameDays))
  const fits = {
    week: ofWeeks,
    half_week: ofWeeks,
    day: interval === undefined || (interval !== 'hour' && sameDays),
    hour: hours && (interval === undefined || hasWholeHours(range, range.timezone)),
  }
  // Cells by hour are of UTC's hours.
  const zoneOf = (grain: keyof typeof fits) => (grain === 'hour' ? 'UTC' : timezone)
  const cells: Segments['cells'] = []
  let rest: Pair[] = [[range.from.getTime(), range.to.getTime()]]
  for (const grain of ['week', 'half_week', 'day', 'hour'] as const) {
    if (!fits[grain]) continue
    rest = rest.flatMap(([from, to]): Pair[] => {
      const zone = zoneOf(grain)
      const whole = startOf(grain, from, zone) === from
      const [start, end] = [whole ? from : nextStart(grain, from, zone), startOf(grain, to, zone)]
      if (start >= end) return [[from, to]]
      cells.push({ grain, ...spanOf([start, end]) })
      return [[from, start] as Pair, [end, to] as Pair].filter(([from, to]) => from < to)
    })
  }
  return { cells, rows: rest.map(spanOf) }
}

const spanOf = ([from, to]: Pair) => ({ from: new Date(from), to: new Date(to) })
