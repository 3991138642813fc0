import { type SQL, sql } from 'drizzle-orm'
import type { RunRecords } from '@/db/queries/analytics/journeys/run-records'

/**
 * A query with one row for each run of the records: its key, `started` (its first record), `matching` and `value` of
 * that record, `completed_at` (its first completion, or null), `last_at` (its last step, or null), and `path` and
 * `times`: its visits in order of time and when each began. A step recorded twice in a row is one visit. A completion is
 * later than the steps of its instant, and what comes after it does not count.
 */
export function foldRuns({ records, key }: RunRecords): SQL {
  const inTime = sql`order by occurred_at, completed, id`
  const visits = (column: SQL) =>
    sql`coalesce(array_agg(${column} ${inTime}) filter (where counts and moved), '{}')`
  return sql`
    select ${key}, min(occurred_at) as started, bool_or(matching) filter (where place = 1) as matching,
      min(value) filter (where place = 1) as value, min(occurred_at) filter (where completed) as completed_at,
      max(occurred_at) filter (where counts) as last_at,
      ${visits(sql`step`)} as path, ${visits(sql`occurred_at`)} as times
    from (
      select *, row_number() over run as place, step is distinct from lag(step) over run as moved,
        count(*) filter (where completed) over run = 0 as counts
      from (${records}) records
      window run as (partition by ${key} ${inTime} rows unbounded preceding)
    ) placed
    group by ${key}`
}

/** Milliseconds from one time to another. */
export function msBetween(from: SQL, to: SQL): SQL {
  return sql`(extract(epoch from ${to} - ${from}) * 1000)::float8`
}
