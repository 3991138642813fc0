import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type IntervalName, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'
import { dimensionOf, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

export interface EventTotals extends Record<string, unknown> {
  events: number
  users: number
  sessions: number
  averageDurationMs: number | null
}

/** Events, distinct users and sessions of the whole range. */
export async function countEvents(db: Db, filter: RecordFilter): Promise<EventTotals> {
  const [row] = await db.execute<EventTotals>(sql`
    select count(*)::float8 as events, count(distinct user_id)::float8 as users,
      count(distinct session_id)::float8 as sessions, avg(duration_ms)::float8 as "averageDurationMs"
    from user_events where ${whereRecords('user_events', filter)}`)
  return row as EventTotals
}

export interface EventPoint extends Record<string, unknown> {
  /** ISO time at which the interval starts. */
  at: string
  events: number
  users: number
}

/** Events and distinct users by interval of the timezone, intervals without events included. */
export async function countEventsOverTime(
  db: Db,
  filter: RecordFilter,
  interval: IntervalName,
  timezone: string,
): Promise<EventPoint[]> {
  return db.execute<EventPoint>(sql`
    with counted as (
      select ${intervalStart(interval, timezone, sql`occurred_at`)} as at, count(*) as events,
        count(distinct user_id) as users
      from user_events where ${whereRecords('user_events', filter)} group by 1
    ), intervals as (${intervalsOf(filter, interval, timezone)})
    select ${isoTime(sql`at`)} as at, coalesce(events, 0)::float8 as events, coalesce(users, 0)::float8 as users
    from intervals left join counted using (at) order by intervals.at`)
}

/** The most frequent events by name and type. */
export async function topEvents(db: Db, filter: RecordFilter, limit: number) {
  return db.execute<{ name: string; type: string; events: number; users: number }>(sql`
    select name, type, count(*)::float8 as events, count(distinct user_id)::float8 as users
    from user_events where ${whereRecords('user_events', filter)}
    group by name, type order by events desc, name, type limit ${limit}`)
}

/** Events and users by a dimension; null counts the events that have no value. */
export async function breakDownEvents(db: Db, filter: RecordFilter, by: string, limit: number) {
  return db.execute<{ value: string | null; events: number; users: number }>(sql`
    select ${dimensionOf('user_events', by)} as value, count(*)::float8 as events, count(distinct user_id)::float8 as users
    from user_events where ${whereRecords('user_events', filter)}
    group by 1 order by events desc, value limit ${limit}`)
}
