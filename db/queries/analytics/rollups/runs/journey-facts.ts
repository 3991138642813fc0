import { type SQL, sql } from 'drizzle-orm'
import { LONGEST_RUN, msBetween, recordsOf, runColumns, type TouchedRuns } from './records'

/**
 * A query for what runs of journeys count for, in the shape of `funnelFacts`. By source:
 *
 * - `journey_run`: the run; its type is `completed` or empty, with the time from its start to its completion
 * - `journey_path`: its category is the run's path as JSON, its type as above; or `long`
 * - `journey_visit`: its type is a step, once for each visit, with the time on it where that is known
 *
 * Which visits a run has, and when it is complete, is as in `foldRuns`.
 */
export function journeyFacts(touched: TouchedRuns): SQL {
  const records = recordsOf(touched, {
    table: 'user_journeys',
    name: 'journey',
    columns: sql`r.step, r.completed`,
  })
  const inTime = sql`order by occurred_at, completed, id`
  const type = sql`case when completed_at is null then '' else 'completed' end`
  return sql`
    with placed as (
      select *, row_number() over run as place, step is distinct from lag(step) over run as moved,
        count(*) filter (where completed) over run = 0 as counts
      from (${records}) records
      window run as (partition by ${runColumns} ${inTime} rows unbounded preceding)
    ), runs as materialized (
      select ${runColumns}, min(occurred_at) as started, min(device) filter (where place = 1) as device,
        min(browser) filter (where place = 1) as browser, min(os) filter (where place = 1) as os,
        min(occurred_at) filter (where completed) as completed_at,
        coalesce(array_agg(step ${inTime}) filter (where counts and moved), '{}') as path,
        coalesce(array_agg(occurred_at ${inTime}) filter (where counts and moved), '{}') as times
      from placed group by ${runColumns}
    ), facts as (
      select 'journey_run'::rollup_source as source, ${type} as type, '' as category,
        ${msBetween(sql`started`, sql`completed_at`)} as ms, runs.*
      from runs
      union all
      select 'journey_path', case when long then 'long' else ${type} end,
        case when long then '' else to_json(path)::text end, null, runs.*
      from runs cross join lateral (select cardinality(path) > ${LONGEST_RUN}::int as long) length
      union all
      select 'journey_visit', step, '', ${msBetween(sql`at`, sql`coalesce(next_at, completed_at)`)}, runs.*
      from runs, unnest(path, times, times[2:]) as visit (step, at, next_at)
      where at is not null
    )
    select project_id, source, name, type, category, started, device, browser, os, user_id, rest, sign, ms from facts`
}
