import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type Intervals, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'
import { passesOf, type RunQuestion, visits } from '@/db/queries/analytics/journeys/passes'
import {
  type PathMeasures,
  pathColumns,
  pathTables,
  rows,
} from '@/db/queries/analytics/journeys/path-measures'

export interface JourneyRates {
  started: number
  completed: number
  completionRate: number | null
}

export interface DurationMs {
  p50: number | null
  p90: number | null
}

export interface JourneyTrend extends Record<string, unknown> {
  totals: JourneyRates & { durationMs: DurationMs }
  series: ({ at: string } & JourneyRates)[]
}

export interface JourneyMeasures extends JourneyTrend, PathMeasures {
  /** Of each step, in no order. */
  stays: { name: string; users: number; timeOnStepMs: DurationMs }[]
  /** The values with the most runs, most first. */
  breakdown: ({ value: string | null; durationMs: DurationMs } & JourneyRates)[]
}

/** Values of a breakdown at the most. */
export const BROKEN_DOWN = 10

/**
 * Runs in numbers, by their records: totals, series by the interval in which they begin, steps, transitions, paths and a
 * breakdown.
 *
 * @param limit rows of steps, transitions and paths
 */
export async function measureJourneys(
  db: Db,
  question: RunQuestion,
  intervals: Intervals,
  limit: number,
): Promise<JourneyMeasures> {
  const [row] = await db.execute<JourneyMeasures>(sql`
    with passes as materialized (${passesOf(question)}), visits as materialized (${visits}),
    paths as materialized (select path, completed, count(*) as count from passes group by 1, 2), ${pathTables}
    select ${totals} as totals, ${rows(seriesOf(intervals))} as series,
      ${pathColumns(limit, question.end !== undefined)},
      ${rows(sql`
        select step as name, users, "timeOnStepMs"
        from (
          select step, ${percentiles(sql`stay_ms`)} as "timeOnStepMs" from visits group by step
        ) stayed join (
          select step, count(*) as users from (select distinct step, user_id from visits) each group by step
        ) visitors using (step)`)} as stays,
      ${rows(sql`
        select value, ${rates}, ${percentiles(sql`duration_ms`)} as "durationMs"
        from passes group by value order by started desc, value limit ${BROKEN_DOWN}`)} as breakdown`)
  return row as JourneyMeasures
}

/** The totals and the series alone. */
export async function measureJourneyTrend(
  db: Db,
  question: RunQuestion,
  intervals: Intervals,
): Promise<JourneyTrend> {
  const [row] = await db.execute<JourneyTrend>(sql`
    with passes as materialized (${passesOf(question)})
    select ${totals} as totals, ${rows(seriesOf(intervals))} as series`)
  return row as JourneyTrend
}

const percentiles = (ms: SQL): SQL => sql`json_build_object(
  'p50', percentile_cont(0.5) within group (order by ${ms}),
  'p90', percentile_cont(0.9) within group (order by ${ms}))`

const rates = sql`
  count(user_id) as started, count(user_id) filter (where completed) as completed,
  count(user_id) filter (where completed)::float8 / nullif(count(user_id), 0) as "completionRate"`

const durations = percentiles(sql`duration_ms`)

const totals = sql`(
  select to_json(total) from (select ${rates}, ${durations} as "durationMs" from passes) as total)`

function seriesOf(intervals: Intervals): SQL {
  return sql`
    with intervals as (${intervalsOf(intervals)}),
    begun as (select ${intervalStart(intervals, sql`started`)} as at, user_id, completed from passes)
    select ${isoTime(sql`at`)} as at, ${rates}
    from intervals left join begun using (at) group by intervals.at order by intervals.at`
}
