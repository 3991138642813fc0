import type { Segments } from '@/db/queries/analytics/rollups/segments'
import type { Range } from '@/lib/analytics/parameters/range'
import { addDays, localDate, midnight, offset } from '@/lib/analytics/parameters/zone'

const HOUR = 3_600_000
/** 1970-01-05, a Monday. */
const MONDAY = 4 * 24 * HOUR

/** What a question needs of the rollups. */
export interface Needs {
  /** The timezone whose days the rollups are by. */
  timezone: string
  /** Its answer is by such intervals of the range's timezone. */
  interval?: string
  /** There are cells by hour for it, and by week. */
  hours: boolean
  weeks: boolean
}

type Bound = (at: number) => number
type Pair = [from: number, to: number]

/**
 * Divides a range into what cells by week hold, at its edges by day, at theirs by hour, and the rest, which must be read
 * record by record. Cells serve an answer by intervals only if none lies in two of them.
 */
export function segmentsOf(range: Range, { timezone, interval, hours, weeks }: Needs): Segments {
  const sameDays = timezone === range.timezone
  const fits = {
    week: weeks && (interval === undefined || (interval === 'week' && sameDays)),
    day: interval === undefined || (interval !== 'hour' && sameDays),
    hour: hours && (interval === undefined || wholeHours(range)),
  }
  const floors: Record<keyof typeof fits, Bound> = {
    week: (at) => midnight(mondayOf(localDate(at, timezone)), timezone),
    day: (at) => midnight(localDate(at, timezone), timezone),
    hour: (at) => Math.floor(at / HOUR) * HOUR,
  }
  const after: Record<keyof typeof fits, Bound> = {
    week: (at) => midnight(addDays(localDate(at, timezone), 7), timezone),
    day: (at) => midnight(addDays(localDate(at, timezone), 1), timezone),
    hour: (at) => at + HOUR,
  }
  const cells: Segments['cells'] = []
  let rest: Pair[] = [[range.from.getTime(), range.to.getTime()]]
  for (const grain of ['week', 'day', 'hour'] as const) {
    if (!fits[grain]) continue
    rest = rest.flatMap(([from, to]): Pair[] => {
      const floor = floors[grain](from)
      const [start, end] = [floor === from ? from : after[grain](floor), floors[grain](to)]
      if (start >= end) return [[from, to]]
      cells.push({ grain, ...spanOf([start, end]) })
      return [[from, start] as Pair, [end, to] as Pair].filter(([from, to]) => from < to)
    })
  }
  return { cells, rows: rest.map(spanOf) }
}

const spanOf = ([from, to]: Pair) => ({ from: new Date(from), to: new Date(to) })

function mondayOf(date: string): string {
  const days = (Date.parse(date) - MONDAY) / (24 * HOUR)
  return addDays(date, -(((days % 7) + 7) % 7))
}

/** Whether the hours of the timezone are those of UTC, at both ends of the range. */
function wholeHours({ from, to, timezone }: Range): boolean {
  return [from, to].every((at) => offset(at.getTime(), timezone) % HOUR === 0)
}
