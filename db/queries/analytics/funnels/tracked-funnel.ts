import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import {
  elapsed,
  type MeasureOptions,
  measurePasses,
  milliseconds,
  stageCount,
} from '@/db/queries/analytics/funnels/measure-passes'
import { trackedRuns } from '@/db/queries/analytics/funnels/tracked-runs'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

export interface TrackedOptions extends MeasureOptions {
  /** Whether a stage needs every order below its own before it. */
  strict: boolean
  /** How long a run may take from its first stage. */
  windowMs?: number
}

/** A stage as its funnel's runs have it. */
export interface TrackedStage {
  name: string
  order: number
  /** Of its order among the orders, from 1: the same for alternatives. */
  rank: number
  /** Among the stages, from 1. */
  position: number
}

/** A tracked funnel by its runs that begin in the range; without runs, without stages. */
export async function measureTrackedFunnel(
  db: Db,
  funnel: string,
  filter: RecordFilter,
  options: TrackedOptions,
) {
  const { strict, windowMs, breakdown } = options
  const within = (at: SQL, start: SQL) =>
    windowMs === undefined ? sql`true` : sql`${at} <= ${start} + ${milliseconds(windowMs)}`
  const passes = sql`
    ${trackedRuns(filter, funnel, breakdown)}, entries as materialized (
      select run, position, rank, min(occurred_at) as at
      from records join stages using (stage) group by 1, 2, 3
    ), counting as (${strict ? inOrder(within) : inAnyOrder(within)}),
    started as (${
      strict
        ? sql`select run, start, true as entered, null::int[] as ranks from counting where rank = 1 and first`
        : sql`select run, min(start) as start, bool_or(rank = 1) as entered, array_agg(rank) as ranks
            from counting group by 1`
    }
    ), passes as materialized (
      select r.run, r.at, r.value, c.at as completed_at, c.at is not null as completed,
        c.at is not null or coalesce(s.entered, false) as entered, ranks
      from runs r left join started s using (run)
        left join completions c on c.run = r.run and (s.start is null or ${within(sql`c.at`, sql`s.start`)})
    ), reached as (
      select c.run, position, first,
        ${strict ? sql`true` : sql`rank = 1 or rank - 1 = any(ranks)`} as after_previous,
        ${strict ? sql`true` : sql`1 = any(ranks)`} as after_first,
        ${elapsed(sql`start`, sql`c.at`)} as to_ms,
        ${elapsed(sql`c.at`, sql`least(next, case when completed_at >= c.at then completed_at end)`)} as in_ms
      from (select *, lead(at) over (partition by run order by at, position) as next from counting) c
        join passes p using (run)
    )`
  const names = sql`, (
    select coalesce(json_agg(json_build_object(
      'name', stage, 'order', stage_order, 'rank', rank, 'position', position) order by position), '[]')
    from stages) as names`
  const stage = stageCount(
    {
      position: sql`position`,
      entered: sql`count(*)`,
      passed: sql`count(*) filter (where first)`,
      afterPrevious: sql`count(*) filter (where after_previous)`,
      afterFirst: sql`count(*) filter (where after_first)`,
    },
    sql`to_ms`,
    sql`in_ms`,
  )
  const stagesOf = (rows: 'passes' | 'placed', place: SQL) => sql`
    select place, json_agg(stage) as stages
    from (
      select ${place} as place, ${stage} as stage
      from reached ${rows === 'placed' ? sql`join placed using (run)` : sql``} group by 1, position
    ) s group by 1`
  return measurePasses<{ names: TrackedStage[] }>(db, passes, stagesOf, options, names)
}

type Within = (at: SQL, start: SQL) => SQL

/**
 * The entries that count, order by order: an entry counts at or after the earliest one that counts of the order below.
 * `first` marks that earliest one.
 */
const inOrder = (within: Within): SQL => sql`
  select run, position, rank, at, start, first
  from (
    select *, min(at) over run_of as start, row_number() over run_of = 1 as first
    from entries where rank = 1
    window run_of as (partition by run order by at, position)
  ) e
  where ${within(sql`at`, sql`start`)}
  union all
  select e.run, e.position, e.rank, e.at, c.start,
    row_number() over (partition by e.run order by e.at, e.position) = 1
  from counting c join entries e on e.run = c.run and e.rank = c.rank + 1 and e.at >= c.at
  where c.first and ${within(sql`e.at`, sql`c.start`)}`

/** The entries that count whatever their order: all of the window that begins with the run's earliest. */
const inAnyOrder = (within: Within): SQL => sql`
  select run, position, rank, at, start, row_number() over (partition by run, rank order by at, position) = 1 as first
  from (select *, min(at) over (partition by run) as start from entries) e
  where ${within(sql`at`, sql`start`)}`
