import { type SQL, sql } from 'drizzle-orm'
import { LONGEST_RUN, msBetween, recordsOf, runColumns, type TouchedRuns } from './records'

/**
 * A query for what runs of tracked funnels count for, one row for each fact: `project_id, source, name, type` (the
 * stage, or empty), `category` (the fact), `started`, `device, browser, os` (of the run's first record), `user_id, rest,
 * sign, ms`. The facts:
 *
 * - `run`, and `completed` or `entered:1` where 1 is the run's lowest order; `long`, of which nothing more is said
 * - of a stage: `order:2`, the order that it was recorded with
 * - of a stage that counts in strict order: `first:1.2` or `later:1.2`, whether it is the first of its order, and with
 *   the time since the first stage; `in:1.2` with the time in it
 *
 * A run alone does not say whether an order between its own is missing: the other runs do. So each fact about a stage
 * names the orders that it rests upon, those of the run up to its own. It holds where they are the funnel's lowest
 * orders. The time in a stage ends with the next that counts; `in:1|1.2` holds only where 1.2 are not the funnel's
 * lowest orders.
 */
export function funnelFacts(touched: TouchedRuns): SQL {
  const records = recordsOf(touched, {
    table: 'conversion_funnels',
    name: 'funnel',
    columns: sql`r.stage, r.stage_order`,
  })
  const fact = (type: SQL, category: SQL, ms: SQL) => sql`
    ${type} as type, ${category} as category, ${ms} as ms`
  const upTo = (rank: SQL) => sql`array_to_string(orders[1:${rank}], '.')`
  return sql`
    with recursive numbered as materialized (
      select *, dense_rank() over (order by ${runColumns}) as run, row_number() over run_of as place
      from (${records}) records
      window run_of as (partition by ${runColumns} order by occurred_at, stage_order, id)
    ), entries as materialized (
      select *, dense_rank() over (partition by run order by stage_order)::int as rank,
        row_number() over (partition by run order by stage_order, stage collate "C") as position
      from (
        select run, stage, max(stage_order) as stage_order, min(occurred_at) as at
        from numbered where stage is not null group by run, stage
      ) stages
    ), runs as materialized (
      select n.*, completed_at, orders, coalesce(stages, 0) > ${LONGEST_RUN}::int as long
      from (select * from numbered where place = 1) n
      left join (
        select run, min(occurred_at) as completed_at from numbered where stage is null group by run
      ) completions using (run)
      left join (
        select run, array_agg(distinct stage_order order by stage_order) as orders, count(*) as stages
        from entries group by run
      ) ordered using (run)
    ), counting as (
      select run, stage, position, rank, at, start, first
      from (
        select e.*, min(at) over run_of as start, row_number() over run_of = 1 as first
        from entries e join runs using (run) where rank = 1 and not long
        window run_of as (partition by run order by at, position)
      ) lowest
      union all
      select e.run, e.stage, e.position, e.rank, e.at, c.start,
        row_number() over (partition by e.run order by e.at, e.position) = 1
      from counting c join entries e on e.run = c.run and e.rank = c.rank + 1 and e.at >= c.at
      where c.first
    ), counted as materialized (
      select *, max(rank) over (partition by run) as deepest from counting
    ), stays as (
      -- When a stage is left, if the orders up to rank m are those that count.
      select run, stage, at, deepest, m, lead(at) over (partition by run, m order by at, position) as next
      from counted cross join lateral generate_series(rank, deepest) m
    ), times as (
      select run, stage, at, until, deepest, min(m) as from_rank, max(m) as to_rank
      from (
        select s.*, least(next, case when completed_at >= at then completed_at end) as until
        from stays s join runs using (run)
      ) ends
      where until is not null group by 1, 2, 3, 4, 5
    ), facts as (
      select run, ${fact(sql`''`, sql`'run'`, sql`null::bigint`)} from runs
      union all
      select run, ${fact(sql`''`, sql`'long'`, sql`null`)} from runs where long
      union all
      select run, ${fact(sql`''`, sql`case when completed_at is null then 'entered:' || orders[1] else 'completed' end`, sql`null`)}
      from runs
      union all
      select distinct run, ${fact(sql`n.stage`, sql`'order:' || n.stage_order`, sql`null::bigint`)}
      from numbered n join runs using (run) where n.stage is not null and not long
      union all
      select run, ${fact(sql`c.stage`, sql`case when first then 'first:' else 'later:' end || ${upTo(sql`rank`)}`, msBetween(sql`start`, sql`at`))}
      from counted c join runs using (run)
      union all
      select run, ${fact(
        sql`t.stage`,
        sql`'in:' || ${upTo(sql`from_rank`)} || case when to_rank < deepest then '|' || ${upTo(sql`to_rank + 1`)} else '' end`,
        msBetween(sql`at`, sql`until`),
      )}
      from times t join runs using (run)
    )
    select project_id, 'funnel_run'::rollup_source as source, name, f.type, f.category, occurred_at as started, device,
      browser, os, user_id, rest, sign, ms
    from facts f join runs using (run)`
}
