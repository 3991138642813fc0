import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { type Kind, kinds } from '@/db/queries/analytics/users/kinds'
import { recordWords } from '@/db/queries/analytics/users/list-user-records'

export interface NewestRecord extends Record<string, unknown> {
  kind: Kind
  id: string
  title: string
  detail: string | null
  pageUrl: string | null
  occurredAt: string
  receivedAt: string
}

/**
 * The record of a project that occurred last; of those received after a time, if one is given. Nothing is indexed by when
 * it was received, so that of these only what occurred from ten minutes before that time is looked at.
 */
export async function findLatestRecord(
  db: Db,
  projectId: string,
  since?: Date,
): Promise<NewestRecord | undefined> {
  const time = since && sql`${since.toISOString()}::timestamptz`
  const parts = kinds.map(
    ({ kind, table }) => sql`(
      select ${kind}::text as kind, id, ${recordWords[kind].title} as title, ${recordWords[kind].detail} as detail,
        ${kind === 'event' ? sql`page_url` : sql`null::text`} as page_url, occurred_at, received_at
      from ${sql.identifier(table)}
      where project_id = ${projectId}
        ${time && sql`and occurred_at > ${time} - interval '10 minutes' and received_at > ${time}`}
      order by occurred_at desc limit 1)`,
  )
  const [row] = await db.execute<NewestRecord>(sql`
    select kind, id, title, detail, page_url as "pageUrl",
      ${isoTime(sql`occurred_at`)} as "occurredAt", ${isoTime(sql`received_at`)} as "receivedAt"
    from (${sql.join(parts, sql` union all `)}) records
    order by occurred_at desc limit 1`)
  return row
}
