import { sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { matches, type RecordFilter } from '@/db/queries/analytics/record-filter'

/** Users of a cohort with a record in an interval, both numbered from 0. */
export interface Returns extends Record<string, unknown> {
  cohort: number
  interval: number
  users: number
  /** Those of them with a record that counts as a return. */
  returned: number
}

export interface ReturnQuestion {
  table: 'user_events' | 'feature_usage'
  /** Its records are looked at; its range is that of the intervals. */
  filter: RecordFilter
  /** Of the intervals, in order, as ISO times. */
  starts: string[]
  /** Events by this name count as a return; every record, if left out. */
  event?: string
}

/**
 * Users by the interval of their first record ever and by the intervals in which they have one.
 *
 * @param users only these; all, if left out
 */
export async function countReturns(
  db: Db,
  { table, filter, starts, event }: ReturnQuestion,
  users?: string[],
): Promise<Returns[]> {
  const only = users ? [sql`user_id = any(${arrayLiteral(users)}::text[])`] : []
  const records = sql.join(
    [sql`project_id = ${filter.projectId}`, ...matches(table, filter), ...only],
    sql` and `,
  )
  const name = sql.identifier(table)
  const from = sql`${filter.from.toISOString()}::timestamptz`
  const to = sql`${filter.to.toISOString()}::timestamptz`
  return db.execute<Returns>(sql`
    with seen as materialized (
      select user_id, width_bucket(occurred_at, ${arrayLiteral(starts)}::timestamptz[]) - 1 as nth,
        ${event === undefined ? sql`true` : sql`bool_or(name = ${event})`} as returned
      from ${name} where ${records} and occurred_at >= ${from} and occurred_at < ${to}
      group by 1, 2
    ), firsts as (
      select user_id, min(nth) as cohort from seen group by user_id
    ), begun as (
      select * from firsts where not exists (
        select from ${name} where ${records} and occurred_at < ${from} and ${name}.user_id = firsts.user_id)
    )
    select cohort::int as cohort, nth::int as interval, count(*)::float8 as users,
      count(*) filter (where returned)::float8 as returned
    from begun join seen using (user_id) group by 1, 2`)
}
