import { and, desc, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'
import { userEvents } from '@/db/schema'

/** Where a page of the list ended: the last row's key. */
export interface EventPosition {
  occurredAt: string
  userId: string
  id: string
}

/** Events, newest first, after a position. */
export async function listEvents(db: Db, filter: RecordFilter, limit: number, after?: EventPosition) {
  const { occurredAt, userId, id } = userEvents
  const beyond =
    after &&
    sql`(${occurredAt}, ${userId}, ${id}) < (${after.occurredAt}::timestamptz, ${after.userId}, ${after.id}::uuid)`
  return db
    .select()
    .from(userEvents)
    .where(and(whereRecords('user_events', filter), beyond))
    .orderBy(desc(occurredAt), desc(userId), desc(id))
    .limit(limit)
}

/** The property keys of the newest events, most frequent first. */
export async function listPropertyKeys(db: Db, filter: RecordFilter, sample = 5_000): Promise<string[]> {
  const rows = await db.execute<{ key: string }>(sql`
    select key
    from (
      select properties from user_events where ${whereRecords('user_events', filter)} order by occurred_at desc limit ${sample}
    ) newest, jsonb_object_keys(properties) as key
    group by key order by count(*) desc, key limit 100`)
  return rows.map((row) => row.key)
}
