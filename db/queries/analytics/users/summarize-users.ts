import { sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { kinds } from '@/db/queries/analytics/users/kinds'
import { type UserFilter, whereUsers } from '@/db/queries/analytics/users/newest-users'

/** What a list says of a user: since when anything is known, and of the events that it looks at times, counts and the newest’s agent. */
export interface UserSummary extends Record<string, unknown> {
  userId: string
  anonymous: boolean
  firstSeenAt: string
  lastSeenAt: string
  events: number
  sessions: number
  device: string | null
  browser: string | null
  os: string | null
}

/** Users by id, in the order asked for; those without an event are left out. Reads no one else's events. */
export async function summarizeUsers(db: Db, filter: UserFilter, userIds: string[]): Promise<UserSummary[]> {
  // Each by its own index, and of no more than the first.
  const firsts = kinds.map(
    ({ table }) => sql`(
      select occurred_at from ${sql.identifier(table)}
      where project_id = ${filter.projectId} and user_id = asked.user_id order by occurred_at limit 1)`,
  )
  const theirs = sql`user_events where ${whereUsers(filter)} and user_events.user_id = asked.user_id`
  return db.execute<UserSummary>(sql`
    select asked.user_id as "userId", anonymous, ${isoTime(sql`first`)} as "firstSeenAt",
      ${isoTime(sql`last`)} as "lastSeenAt", events, sessions, device, browser, os
    from unnest(${arrayLiteral(userIds)}::text[]) with ordinality as asked (user_id, place)
    cross join lateral (
      select least(${sql.join(firsts, sql`, `)}) as first, max(occurred_at) as last, count(*)::float8 as events,
        count(distinct session_id)::float8 as sessions
      from ${theirs}
    ) counted
    cross join lateral (
      select coalesce(anonymous_id = user_events.user_id, false) as anonymous, device, browser, os
      from ${theirs} order by occurred_at desc, id desc limit 1
    ) newest
    order by place`)
}
