import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { arrayLiteral } from '@/db/array-literal'
import type { Connection } from '@/db/connect'
import { type AnalyticsTable, analytics } from '@/db/schema'

/** A row of one of the five tables, in the shape of JSON: times are ISO strings. */
export type RecordRow<Name extends AnalyticsTable = AnalyticsTable> = {
  [Table in Name]: Omit<
    (typeof analytics)[Table]['$inferInsert'],
    'occurredAt' | 'receivedAt' | 'properties' | 'transactionId'
  > & {
    table: Table
    occurredAt: string
    receivedAt: string
    properties: Record<string, unknown>
    /** We set `occurredAt` ourselves: a repeat of this record may carry another time. */
    timedByUs: boolean
    /** The time that it came with, before we moved it: none, or an older spool did not keep it. */
    statedAt?: string | null
  }
}[Name]

/** The rows that were new: how many, and which, as they were sent, unless all or none were. */
export interface Fresh {
  count: number
  keys: { id: string; userId: string }[]
}

interface Statements {
  columns: { key: string; json: boolean }[]
  insert: string
  settle: string
}

/** Whose a row is: the user that its anonymousId was joined to, where it came with nothing else. */
const JOINED = `
  left join identities i on i.project_id = s.project_id
    and i.anonymous_id = case when s.anonymous_id = s.user_id then s.user_id end`
const OWNER = 'coalesce(i.user_id, s.user_id)'

/** What is stored in place of the value sent. A run that was named after the user keeps being theirs. */
const stored: Record<string, string> = {
  user_id: 'owner',
  occurred_at: 'happened_at',
  run_id: "case when owner <> user_id and run_id = 'user:' || user_id then 'user:' || owner else run_id end",
}

const statements = Object.fromEntries(
  Object.entries(analytics).map(([name, table]) => [name, statementsFor(name, table)]),
) as Record<AnalyticsTable, Statements>

/**
 * Inserts rows of one table in one statement, passing over those that are already there. Rows of an anonymousId that
 * was joined to a user become that user's.
 *
 * @throws PostgreSQL's 23514 when a partition is missing: see `ensurePartitions`
 */
export async function insertRecords(
  { sql }: Pick<Connection, 'sql'>,
  table: AnalyticsTable,
  rows: RecordRow[],
): Promise<Fresh> {
  const { insert, columns } = statements[table]
  const arrays = columns.map(({ key, json }) =>
    arrayLiteral(rows.map((row) => cellOf((row as unknown as Record<string, unknown>)[key], json))),
  )
  const [row] = await sql.unsafe(insert, [...arrays, rows.length], { prepare: true })
  return { count: row?.count ?? 0, keys: row?.keys ?? [] }
}

/**
 * Settles the time of records that we timed ourselves, so that a repeat gets the time of the first: the one in
 * `record_times`, else that of a row with the same id at the time that the record came with, or within two days of the one
 * proposed, else that. To be committed before the rows are inserted.
 */
export async function settleTimes(
  { sql }: Pick<Connection, 'sql'>,
  table: AnalyticsTable,
  rows: RecordRow[],
): Promise<void> {
  const arrays = (['projectId', 'userId', 'id', 'occurredAt', 'anonymousId', 'statedAt'] as const).map(
    (key) => arrayLiteral(rows.map((row) => row[key])),
  )
  await sql.unsafe(statements[table].settle, arrays, { prepare: true })
}

type Value = string | number | boolean | null | undefined

const cellOf = (value: unknown, json: boolean): Value =>
  json && value !== null && value !== undefined ? JSON.stringify(value) : (value as Value)

/**
 * A table's statements. One array a column: they are the same for any number of rows, so they are planned once, and
 * arrays are the cheapest thing for PostgreSQL to read short of COPY. Rows go in by the order of their key, so that two
 * writers of the same records wait for each other and never in a circle. Which rows were new is only told when some
 * were not, by the keys that were sent: of two rows that became the same one user's, one.
 */
function statementsFor(table: string, definition: PgTable): Statements {
  const columns = Object.entries(getTableColumns(definition))
    .filter(([key]) => key !== 'transactionId')
    .map(([key, column]) => ({
      key,
      name: column.name,
      type: column.getSQLType(),
      json: column.getSQLType() === 'jsonb',
    }))
  const names = columns.map(({ name }) => name)
  const values = names.map((name) => stored[name] ?? name)
  const insert = `
    with sent as (
      select s.*, ${OWNER} as owner
      from unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`)}) as s(${names}) ${JOINED}
    ), timed as not materialized (
      select s.*, coalesce(t.occurred_at, s.occurred_at) as happened_at
      from sent s left join record_times t on (t.project_id, t.user_id, t.id) = (s.project_id, s.owner, s.id)
    ), fresh as (
      insert into ${table} (${names})
      select ${values} from timed order by project_id, owner, happened_at, id
      on conflict do nothing
      returning project_id, user_id, occurred_at, id
    ), counted as (select count(*)::int as count from fresh)
    select count, case when count between 1 and $${columns.length + 1}::int - 1 then (
      select json_agg(json_build_object('id', id, 'userId', sent_as)) from (
        select distinct on (f.project_id, f.user_id, f.occurred_at, f.id) f.id, t.user_id as sent_as
        from fresh f join timed t on (t.project_id, t.owner, t.happened_at, t.id)
          = (f.project_id, f.user_id, f.occurred_at, f.id)
      ) keys
    ) end as keys from counted`
  const settle = `
    insert into record_times (project_id, user_id, id, occurred_at)
    select s.project_id, s.owner, s.id, coalesce(
      (select e.occurred_at from ${table} e
       where e.project_id = s.project_id and e.user_id = s.owner and e.id = s.id and e.occurred_at = s.stated_at),
      (select e.occurred_at from ${table} e
       where e.project_id = s.project_id and e.user_id = s.owner and e.id = s.id
         and e.occurred_at between s.occurred_at - interval '2 days' and s.occurred_at + interval '2 days'
       limit 1),
      s.occurred_at)
    from (
      select s.*, ${OWNER} as owner
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[],
        $6::timestamptz[]) as s(project_id, user_id, id, occurred_at, anonymous_id, stated_at) ${JOINED}
    ) s
    order by 1, 2, 3
    on conflict do nothing`
  return { columns, insert, settle }
}
