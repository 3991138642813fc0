import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import { type Interval, nextStart, startOf } from '@/db/time-zone'

/** The intervals of a timezone that touch a range. PostgreSQL is given their starts: it has timezones of its own. */
export interface Intervals {
  name: Interval
  /** In order, as ISO times. */
  starts: string[]
  /** Of the last of them, as an ISO time. */
  end: string
}

/** The intervals that touch a range. Of a range that is not over there are none after the present one. */
export function intervalsIn(
  { from, to, timezone, now }: { from: Date; to: Date; timezone: string; now: Date },
  name: Interval,
): Intervals {
  const last = Math.min(to.getTime() - 1, Math.max(now.getTime(), from.getTime()))
  const starts: number[] = []
  let at = startOf(name, from.getTime(), timezone)
  for (; at <= last; at = nextStart(name, at, timezone)) starts.push(at)
  return { name, starts: starts.map(toIso), end: toIso(at) }
}

/** Where the interval of a time begins; the end of the last one, of a time after it. */
export function intervalStart({ starts, end }: Intervals, time: SQL): SQL {
  const bounds = sql`${arrayLiteral([...starts, end])}::timestamptz[]`
  return sql`(${bounds})[width_bucket(${time}, ${bounds})]`
}

/** A query whose rows are the starts (`at`): to join a series to, so that intervals without records are there too. */
export const intervalsOf = ({ starts }: Intervals): SQL =>
  sql`select unnest(${arrayLiteral(starts)}::timestamptz[]) as at`

/** A time as JSON has it: ISO 8601 with milliseconds, in UTC. */
export function isoTime(time: SQL): SQL<string> {
  return sql<string>`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

const toIso = (at: number): string => new Date(at).toISOString()
