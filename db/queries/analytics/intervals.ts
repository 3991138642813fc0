import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export type IntervalName = 'hour' | 'day' | 'week' | 'month'

/** Where the interval of a time begins, in the timezone. Weeks begin on Monday. */
export function intervalStart(interval: IntervalName, timezone: string, time: SQL): SQL {
  return sql`date_trunc(${interval}, ${time}, ${timezone})`
}

/**
 * A query whose rows are the starts (`at`) of the intervals that touch a range, in no order: to join a series to, so
 * that intervals without records are there too. Of a range that is not over there are none after the present one.
 */
export function intervalsOf(range: { from: Date; to: Date }, interval: IntervalName, timezone: string): SQL {
  // Steps are taken in absolute hours, else in local time, so that a day of 23 or 25 hours is still one day.
  const zone = interval === 'hour' ? 'UTC' : timezone
  return sql`
    select step at time zone ${zone} as at
    from generate_series(
      date_trunc(${interval}, ${range.from.toISOString()}::timestamptz, ${timezone}) at time zone ${zone},
      least(${range.to.toISOString()}::timestamptz - interval '1 microsecond',
        greatest(now(), ${range.from.toISOString()}::timestamptz)) at time zone ${zone},
      ${`1 ${interval}`}::interval) as step`
}

/** A time as JSON has it: ISO 8601 with milliseconds, in UTC. */
export function isoTime(time: SQL): SQL<string> {
  return sql<string>`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** The starts of the intervals that touch a range, in order, as ISO times. */
export async function listIntervals(
  db: Db,
  range: { from: Date; to: Date },
  interval: IntervalName,
  timezone: string,
): Promise<string[]> {
  const rows = await db.execute<{ at: string }>(sql`
    select ${isoTime(sql`at`)} as at from (${intervalsOf(range, interval, timezone)}) i order by i.at`)
  return rows.map((row) => row.at)
}
