import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import type { UserKey } from '@/db/queries/analytics/users/describe-user'
import { exactTime } from '@/db/queries/analytics/users/exact-time'
import { type Kind, kinds } from '@/db/queries/analytics/users/kinds'

/** Where a page of the timeline ended. */
export interface RecordPosition {
  /** To the microsecond. */
  occurredAt: string
  kind: string
  id: string
}

export interface UserRecord extends Record<string, unknown> {
  kind: Kind
  id: string
  title: string
  detail: string | null
  sessionId: string | null
  device: string | null
  browser: string | null
  os: string | null
  properties: Record<string, unknown>
  occurredAt: string
  receivedAt: string
  exactAt: string
}

/** What a record of each kind is called, and what else is said of it. */
export const recordWords: Record<Kind, { title: SQL; detail: SQL }> = {
  event: { title: sql`name`, detail: sql`page` },
  feature: { title: sql`feature`, detail: sql`concat_ws(': ', action::text, error)` },
  stage: { title: sql`coalesce(stage, 'Completed')`, detail: sql`funnel` },
  step: { title: sql`coalesce(step, 'Completed')`, detail: sql`journey` },
  response: { title: sql`survey::text`, detail: sql`concat_ws(': ', score::text, nullif(response, ''))` },
}

/** A user's records of all kinds or of one, newest first, after a position. Each kind is read by its key. */
export async function listUserRecords(
  db: Db,
  user: UserKey,
  limit: number,
  kind?: Kind,
  after?: RecordPosition,
): Promise<UserRecord[]> {
  const parts = kinds
    .filter((one) => kind === undefined || one.kind === kind)
    .map(
      (one) => sql`(
        select ${one.kind}::text collate "C" as kind, id, ${recordWords[one.kind].title} as title,
          ${recordWords[one.kind].detail} as detail, session_id, device, browser, os, properties, occurred_at, received_at
        from ${sql.identifier(one.table)}
        where project_id = ${user.projectId} and user_id = ${user.userId} ${after && beyond(one.kind, after)}
        order by occurred_at desc, id desc limit ${limit})`,
    )
  return db.execute<UserRecord>(sql`
    select kind, id, title, detail, session_id as "sessionId", device, browser, os, properties,
      ${isoTime(sql`occurred_at`)} as "occurredAt", ${isoTime(sql`received_at`)} as "receivedAt",
      ${exactTime(sql`occurred_at`)} as "exactAt"
    from (${sql.join(parts, sql` union all `)}) records
    order by occurred_at desc, kind desc, id desc limit ${limit}`)
}

/** The part of `(occurred_at, kind, id) < position` that holds for a kind, in a form that its key serves. */
function beyond(kind: Kind, after: RecordPosition): SQL {
  const time = sql`${after.occurredAt}::timestamptz`
  if (kind === after.kind) return sql`and (occurred_at, id) < (${time}, ${after.id}::uuid)`
  return kind < after.kind ? sql`and occurred_at <= ${time}` : sql`and occurred_at < ${time}`
}
