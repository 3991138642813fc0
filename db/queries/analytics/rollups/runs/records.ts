import { type SQL, sql } from 'drizzle-orm'

/** Distinct stages or visits of a run that are told apart at the most: of longer runs, records are read. */
export const LONGEST_RUN = 64

/** The condition on classes of facts about runs, which are counted by day alone. */
export const isAboutRuns = sql`source in ('funnel_run', 'journey_run', 'journey_path', 'journey_visit')`

/**
 * Runs whose facts are wanted, and by which records: a query with `project_id, name, user_id, run_id, rest`. The facts
 * of their records before a transaction count with `sign` -1: that is what the rollups hold of them. The facts of all
 * their records, or of those before another transaction, count with 1. Those that are `rest` are in no rollup.
 */
export interface TouchedRuns {
  runs: SQL
  /** What the rollups hold ends before this transaction. */
  heldBefore: string
  /** Only records before this one; all, if left out. */
  upTo?: string
}

/** A query for the records of runs, by `project_id, name, user_id, run_id, rest, sign`, and what else is asked for. */
export function recordsOf(
  { runs, heldBefore, upTo }: TouchedRuns,
  { table, name, columns }: { table: string; name: string; columns: SQL },
): SQL {
  // Each run is looked up by the index, whatever the plan for what follows: that is about nobody knows how many.
  return sql`
    select t.project_id, t.name, t.user_id, t.run_id, t.rest, side.sign, r.*
    from (${runs}) t
    cross join lateral (
      select r.occurred_at, r.id, r.transaction_id, coalesce(r.device, '') as device, coalesce(r.browser, '') as browser,
        coalesce(r.os, '') as os, ${columns}
      from ${sql.identifier(table)} r
      where r.project_id = t.project_id and r.user_id = t.user_id and r.run_id = t.run_id
        and r.${sql.identifier(name)} = t.name offset 0
    ) r
    cross join (values (1), (-1)) side (sign)
    where case side.sign
      when -1 then not t.rest and r.transaction_id < ${heldBefore}::xid8
      else ${upTo === undefined ? sql`true` : sql`r.transaction_id < ${upTo}::xid8`} end`
}

/** The columns that tell the runs of `recordsOf` apart. */
export const runColumns = sql`project_id, name, user_id, run_id, rest, sign`

/** The whole milliseconds from one time to another. */
export const msBetween = (from: SQL, to: SQL): SQL =>
  sql`(extract(epoch from ${to} - ${from}) * 1000)::bigint`
