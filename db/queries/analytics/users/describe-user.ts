import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { intervalStart, intervalsIn, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'
import { kinds } from '@/db/queries/analytics/users/kinds'

/** A user of a project. */
export interface UserKey {
  projectId: string
  userId: string
}

export interface UserProfile extends Record<string, unknown> {
  records: { event: number; feature: number; stage: number; step: number; response: number }
  /** ISO times; null if nothing is stored. */
  firstSeenAt: string | null
  lastSeenAt: string | null
  sessions: number
  agent: { device: string | null; browser: string | null; os: string | null } | null
  days: { at: string; records: number }[]
}

/** All that was ever recorded of a user, in numbers, and records by day of a range. */
export async function describeUser(
  db: Db,
  { projectId, userId }: UserKey,
  range: { from: Date; to: Date; timezone: string; now: Date },
): Promise<UserProfile> {
  const days = intervalsIn(range, 'day')
  const records = kinds.map(
    ({ kind, table }) => sql`
      select ${kind}::text as kind, id, session_id, device, browser, os, occurred_at
      from ${sql.identifier(table)} where project_id = ${projectId} and user_id = ${userId}`,
  )
  const counts = kinds.map(({ kind }) => sql`${kind}::text, count(*) filter (where kind = ${kind})`)
  const [row] = await db.execute<UserProfile>(sql`
    with seen as materialized (${sql.join(records, sql` union all `)}),
    counted as (
      select ${intervalStart(days, sql`occurred_at`)} as at, count(*) as records from seen
      where occurred_at >= ${range.from.toISOString()}::timestamptz
        and occurred_at < ${range.to.toISOString()}::timestamptz
      group by 1
    ), intervals as (${intervalsOf(days)})
    select json_build_object(${sql.join(counts, sql`, `)}) as records,
      ${isoTime(sql`min(occurred_at)`)} as "firstSeenAt", ${isoTime(sql`max(occurred_at)`)} as "lastSeenAt",
      count(distinct session_id)::float8 as sessions,
      (select json_build_object('device', device, 'browser', browser, 'os', os) from seen
        order by occurred_at desc, kind desc, id desc limit 1) as agent,
      (select json_agg(json_build_object('at', ${isoTime(sql`at`)}, 'records', coalesce(records, 0)) order by at)
        from intervals left join counted using (at)) as days
    from seen`)
  return row as UserProfile
}

/** The features that a user used most. */
export async function listUserFeatures(db: Db, { projectId, userId }: UserKey, limit: number) {
  return db.execute<{ name: string; records: number }>(sql`
    select feature as name, count(*)::float8 as records
    from feature_usage where project_id = ${projectId} and user_id = ${userId}
    group by feature order by records desc, name limit ${limit}`)
}
