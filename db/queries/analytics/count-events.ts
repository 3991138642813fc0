import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { breakdownValue, type EventFilter, whereEvents } from '@/db/queries/analytics/event-filter'

export interface EventTotals extends Record<string, unknown> {
  events: number
  users: number
  sessions: number
  averageDurationMs: number | null
}

/** Events, distinct users and sessions of the whole range. */
export async function countEvents(db: Db, filter: EventFilter): Promise<EventTotals> {
  const [row] = await db.execute<EventTotals>(sql`
    select count(*)::float8 as events, count(distinct user_id)::float8 as users,
      count(distinct session_id)::float8 as sessions, avg(duration_ms)::float8 as "averageDurationMs"
    from user_events where ${whereEvents(filter)}`)
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
  filter: EventFilter,
  interval: 'hour' | 'day' | 'week' | 'month',
  timezone: string,
): Promise<EventPoint[]> {
  // Steps are taken in absolute hours, else in local time, so that a day of 23 or 25 hours is still one day.
  const zone = interval === 'hour' ? 'UTC' : timezone
  return db.execute<EventPoint>(sql`
    with counted as (
      select date_trunc(${interval}, occurred_at, ${timezone}) as at, count(*) as events, count(distinct user_id) as users
      from user_events where ${whereEvents(filter)} group by 1
    ), intervals as (
      select step at time zone ${zone} as at
      from generate_series(
        date_trunc(${interval}, ${filter.from.toISOString()}::timestamptz, ${timezone}) at time zone ${zone},
        (${filter.to.toISOString()}::timestamptz - interval '1 microsecond') at time zone ${zone},
        ${`1 ${interval}`}::interval) as step
    )
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
      coalesce(events, 0)::float8 as events, coalesce(users, 0)::float8 as users
    from intervals left join counted using (at) order by intervals.at`)
}

/** The most frequent events by name and type. */
export async function topEvents(db: Db, filter: EventFilter, limit: number) {
  return db.execute<{ name: string; type: string; events: number; users: number }>(sql`
    select name, type, count(*)::float8 as events, count(distinct user_id)::float8 as users
    from user_events where ${whereEvents(filter)}
    group by name, type order by events desc, name, type limit ${limit}`)
}

/** Events and users by a dimension; null counts the events that have no value. */
export async function breakDownEvents(db: Db, filter: EventFilter, by: string, limit: number) {
  return db.execute<{ value: string | null; events: number; users: number }>(sql`
    select ${breakdownValue(by)} as value, count(*)::float8 as events, count(distinct user_id)::float8 as users
    from user_events where ${whereEvents(filter)}
    group by 1 order by events desc, value limit ${limit}`)
}
