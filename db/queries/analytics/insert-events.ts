import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { userEvents } from '@/db/schema'

/** A row of `user_events` in the shape of JSON: times are ISO strings. */
export type EventRow = Omit<typeof userEvents.$inferInsert, 'occurredAt' | 'receivedAt' | 'properties'> & {
  occurredAt: string
  receivedAt: string
  properties: Record<string, unknown>
  /** We set `occurredAt` ourselves: a repeat of this record may carry another time. */
  timedByUs: boolean
}

/** The columns that are read from the JSON, in the table's own types. */
const columns = Object.entries(userEvents)
  .filter(([key]) => key !== 'enableRLS')
  .map(([key, column]) => ({ key, name: column.name, type: column.getSQLType() }))

const list = (parts: string[]): SQL => sql.raw(parts.join(', '))
const targets = list(columns.map((c) => `"${c.name}"`))
const values = list(
  columns.map((c) => (c.key === 'occurredAt' ? 'coalesce(t.occurred_at, r."occurredAt")' : `r."${c.key}"`)),
)
const record = list(columns.map((c) => `"${c.key}" ${c.type}`))

/**
 * Inserts a group of events in one statement and returns the keys of those that were new. Rows that are already there are passed
 * over by the primary key. The rows travel as one JSON parameter: the statement is the same for any number of them, so
 * it is prepared once, and JSON is the cheapest thing for Node.js to make.
 *
 * @throws PostgreSQL's 23514 when a partition is missing: see `ensurePartitions`
 */
export async function insertEvents(db: Db, rows: EventRow[]): Promise<{ id: string; userId: string }[]> {
  return db.execute<{ id: string; userId: string }>(sql`
    insert into user_events (${targets})
    select ${values}
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as r(${record})
    left join record_times t on t.project_id = r."projectId" and t.user_id = r."userId" and t.id = r."id"
    on conflict do nothing
    returning id, user_id as "userId"`)
}

/**
 * Settles the time of records that we timed ourselves, so that a repeat gets the time of the first: the one in
 * `record_times`, else that of a row with the same id within two days, else the one proposed.
 *
 * @param rows no two with the same user and id
 */
export async function settleTimes(db: Db, rows: EventRow[]): Promise<void> {
  await db.execute(sql`
    insert into record_times (project_id, user_id, id, occurred_at)
    select r."projectId", r."userId", r.id, coalesce(
      (select e.occurred_at from user_events e
       where e.project_id = r."projectId" and e.user_id = r."userId" and e.id = r.id
         and e.occurred_at between r."occurredAt" - interval '2 days' and r."occurredAt" + interval '2 days'
       limit 1),
      r."occurredAt")
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r("projectId" uuid, "userId" text, id uuid, "occurredAt" timestamptz)
    order by 1, 2, 3
    on conflict do nothing`)
}
