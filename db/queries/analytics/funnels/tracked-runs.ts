import { and, type SQL, sql } from 'drizzle-orm'
import { dimensionOf, matches, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

const TABLE = 'conversion_funnels'

/**
 * The runs of tracked funnels that begin in the range, as common table expressions: `runs` (run, funnel, at, value) and
 * `records` (run, funnel, occurred_at, stage, stage_order), all that is recorded of them, however late. A run is chosen
 * by its first record, which gives its value of the breakdown too.
 *
 * @param funnel one funnel; all, if left out
 */
export function trackedRuns(filter: RecordFilter, funnel?: string, breakdown?: string): SQL {
  const { projectId } = filter
  const from = sql`${filter.from.toISOString()}::timestamptz`
  const to = sql`${filter.to.toISOString()}::timestamptz`
  const equal: Record<string, string> = funnel === undefined ? {} : { name: funnel }
  const inRange = { ...filter, equal, properties: {} }
  const conditions = matches(TABLE, filter)
  const value = breakdown ? dimensionOf(TABLE, breakdown) : sql`null::text`
  // One sort by run serves all: a join of the runs to their own records would cost several times as much.
  return sql`
    with recursive numbered as materialized (
      select dense_rank() over (order by funnel, user_id, run_id) as run, row_number() over run_of as place,
        first_value(chosen) over run_of as chosen, first_value(value) over run_of as value,
        funnel, user_id, run_id, occurred_at, stage, stage_order
      from (
        select funnel, user_id, run_id, occurred_at, id, stage, stage_order, ${value} as value,
          ${and(...conditions) ?? sql`true`} as chosen
        from conversion_funnels where ${whereRecords(TABLE, inRange)}
      ) inside
      window run_of as (partition by funnel, user_id, run_id order by occurred_at, stage_order, id)
    ), runs as materialized (
      select run, funnel, user_id, run_id, occurred_at as at, value
      from numbered n
      where place = 1 and chosen and not exists (
        select from conversion_funnels e
        where e.project_id = ${projectId} and e.user_id = n.user_id and e.funnel = n.funnel and e.run_id = n.run_id
          and e.occurred_at < ${from})
    ), records as materialized (
      select run, n.funnel, n.occurred_at, n.stage, n.stage_order from numbered n join runs using (run)
      union all
      select run, l.funnel, l.occurred_at, l.stage, l.stage_order
      from conversion_funnels l join runs using (funnel, user_id, run_id)
      where l.project_id = ${projectId} and l.occurred_at >= ${to}
    ), orders as (
      -- The newest record of a stage says which order it has.
      select distinct on (funnel, stage) funnel, stage, stage_order
      from (
        select funnel, stage, stage_order, max(occurred_at) as newest
        from records where stage is not null group by 1, 2, 3
      ) used
      order by funnel, stage, newest desc, stage_order desc
    ), stages as materialized (
      select funnel, stage, stage_order,
        dense_rank() over (partition by funnel order by stage_order)::int as rank,
        row_number() over (partition by funnel order by stage_order, stage collate "C")::int as position
      from orders
    ), completions as (
      select run, min(occurred_at) as at from records where stage is null group by 1
    )`
}
