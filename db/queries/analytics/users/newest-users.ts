import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'
import { exactTime } from '@/db/queries/analytics/users/exact-time'

/** When a user was last seen, to the microsecond: the key of the list. */
export interface LastSeen extends Record<string, unknown> {
  lastSeenAt: string
  userId: string
}

/** Whose last event the list is about. */
export interface UserFilter extends RecordFilter {
  /** The id contains it, in any case. */
  search?: string
}

/** Events that are walked for each user asked for, first and then. */
const STEPS = [40, 400]

/**
 * Users with an event, last seen first, after a position. Newest events are walked back until there are users enough;
 * where few users have many events, and so the walk would be long, all users of the range are grouped instead.
 */
export async function findNewestUsers(
  db: Db,
  filter: UserFilter,
  limit: number,
  after?: LastSeen,
): Promise<LastSeen[]> {
  for (const step of STEPS) {
    const found = await walkBack(db, filter, limit, step * limit, after)
    if (found.users.length === limit || !found.more) return found.users
  }
  return groupAll(db, filter, limit, after)
}

/** The condition that selects the events of a list of users. */
export function whereUsers(filter: UserFilter): SQL {
  if (filter.search === undefined) return whereRecords('user_events', filter)
  const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
  return sql`${whereRecords('user_events', filter)} and user_events.user_id ilike ${pattern}`
}

/** Users whose last event is among so many events up to the position, and whether there are more events. */
async function walkBack(
  db: Db,
  filter: UserFilter,
  limit: number,
  events: number,
  after?: LastSeen,
): Promise<{ users: LastSeen[]; more: boolean }> {
  const where = whereUsers(filter)
  const position = after && sql`${after.lastSeenAt}::timestamptz`
  // Who was seen again after the position stands on a page before. Of users last seen at the time where the walk ends
  // there may be more than it has met.
  const unlisted =
    after &&
    sql`and (last, user_id) < (${position}, ${after.userId}) and not exists (
      select from user_events where ${where} and user_events.user_id = met.user_id and occurred_at > ${position})`
  const [row] = await db.execute<{ users: LastSeen[]; more: boolean }>(sql`
    with walked as materialized (
      select user_id, occurred_at from user_events
      where ${where} ${position && sql`and occurred_at <= ${position}`}
      order by occurred_at desc limit ${events}
    ), ends as (
      select count(*) = ${events} as more, min(occurred_at) as lowest from walked
    ), met as (
      select user_id, max(occurred_at) as last from walked group by user_id
    ), page as (
      select user_id, last from met cross join ends where (not more or last > lowest) ${unlisted}
      order by last desc, user_id desc limit ${limit}
    )
    select more, coalesce((
      select json_agg(json_build_object('userId', user_id, 'lastSeenAt', ${exactTime(sql`last`)})
        order by last desc, user_id desc) from page), '[]') as users
    from ends`)
  return row ?? { users: [], more: false }
}

async function groupAll(db: Db, filter: UserFilter, limit: number, after?: LastSeen): Promise<LastSeen[]> {
  const beyond =
    after && sql`having (max(occurred_at), user_id) < (${after.lastSeenAt}::timestamptz, ${after.userId})`
  return db.execute<LastSeen>(sql`
    select user_id as "userId", ${exactTime(sql`last`)} as "lastSeenAt"
    from (
      select user_id, max(occurred_at) as last from user_events where ${whereUsers(filter)}
      group by user_id ${beyond} order by last desc, user_id desc limit ${limit}
    ) page
    order by last desc, user_id desc`)
}
