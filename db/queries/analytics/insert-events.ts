import { getTableColumns } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Connection } from '@/db/connect'
import { userEvents } from '@/db/schema'

/** A row of `user_events` in the shape of JSON: times are ISO strings. */
export type EventRow = Omit<typeof userEvents.$inferInsert, 'occurredAt' | 'receivedAt' | 'properties'> & {
  occurredAt: string
  receivedAt: string
  properties: Record<string, unknown>
  /** We set `occurredAt` ourselves: a repeat of this record may carry another time. */
  timedByUs: boolean
}

/** The rows that were new: how many, and which, unless all or none were. */
export interface Fresh {
  count: number
  keys: { id: string; userId: string }[]
}

const columns = Object.entries(getTableColumns(userEvents)).map(([key, column]) => ({
  key: key as keyof typeof userEvents.$inferInsert,
  name: column.name,
  type: column.getSQLType(),
}))
const names = columns.map(({ name }) => name)

// One array a column: the statement is the same for any number of rows, so it is planned once, and arrays are the
// cheapest thing for PostgreSQL to read short of COPY. Which rows were new is only told when some were not.
const insert = `
  with sent as (select * from unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`)}) as s(${names})),
  fresh as (
    insert into user_events (${names})
    select ${names.map((name) => (name === 'occurred_at' ? 'coalesce(t.occurred_at, s.occurred_at)' : `s.${name}`))}
    from sent s left join record_times t using (project_id, user_id, id)
    on conflict do nothing
    returning id, user_id as "userId"
  ), counted as (select count(*)::int as count from fresh)
  select count, case when count between 1 and $${columns.length + 1}::int - 1
    then (select json_agg(fresh) from fresh) end as keys from counted`

/**
 * Inserts a group of events in one statement, passing over those that are already there.
 *
 * @throws PostgreSQL's 23514 when a partition is missing: see `ensurePartitions`
 */
export async function insertEvents({ sql }: Pick<Connection, 'sql'>, rows: EventRow[]): Promise<Fresh> {
  const arrays = columns.map(({ key }) =>
    arrayLiteral(
      key === 'properties' ? rows.map((row) => JSON.stringify(row.properties)) : rows.map((row) => row[key]),
    ),
  )
  const [row] = await sql.unsafe(insert, [...arrays, rows.length], { prepare: true })
  return { count: row?.count ?? 0, keys: row?.keys ?? [] }
}

const settle = `
  insert into record_times (project_id, user_id, id, occurred_at)
  select s.project_id, s.user_id, s.id, coalesce(
    (select e.occurred_at from user_events e
     where e.project_id = s.project_id and e.user_id = s.user_id and e.id = s.id
       and e.occurred_at between s.occurred_at - interval '2 days' and s.occurred_at + interval '2 days'
     limit 1),
    s.occurred_at)
  from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) as s(project_id, user_id, id, occurred_at)
  order by 1, 2, 3
  on conflict do nothing`

/**
 * Settles the time of records that we timed ourselves, so that a repeat gets the time of the first: the one in
 * `record_times`, else that of a row with the same id within two days, else the one proposed. To be committed before
 * the rows are inserted.
 */
export async function settleTimes({ sql }: Pick<Connection, 'sql'>, rows: EventRow[]): Promise<void> {
  const arrays = (['projectId', 'userId', 'id', 'occurredAt'] as const).map((key) =>
    arrayLiteral(rows.map((row) => row[key])),
  )
  await sql.unsafe(settle, arrays, { prepare: true })
}
