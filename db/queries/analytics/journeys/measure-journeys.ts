import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type IntervalName, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'
import { passesOf, type RunQuestion, visits } from '@/db/queries/analytics/journeys/passes'

export interface JourneyRates {
  started: number
  completed: number
  completionRate: number | null
}

interface Percentiles {
  p50: number | null
  p90: number | null
}

export interface JourneyTrend extends Record<string, unknown> {
  totals: JourneyRates & { durationMs: Percentiles }
  series: ({ at: string } & JourneyRates)[]
}

export interface JourneyMeasures extends JourneyTrend {
  steps: {
    name: string
    visits: number
    users: number
    exits: number
    exitRate: number
    timeOnStepMs: Percentiles
  }[]
  transitions: { from: string; to: string; count: number }[]
  links: { position: number; from: string; to: string | null; count: number }[]
  topPaths: { path: string[]; count: number; completionRate: number }[]
  breakdown: ({ value: string | null; durationMs: Percentiles } & JourneyRates)[]
}

/** Positions in a path that the flow chart shows, and steps named at each; the next position's ends the last links. */
const POSITIONS = 6
const NAMED = 8
const BROKEN_DOWN = 10

/**
 * Runs in numbers: totals, series by the interval in which they begin, steps, transitions, paths and a breakdown.
 *
 * @param limit rows of steps, transitions and paths
 */
export async function measureJourneys(
  db: Db,
  question: RunQuestion,
  interval: IntervalName,
  timezone: string,
  limit: number,
): Promise<JourneyMeasures> {
  const [row] = await db.execute<JourneyMeasures>(sql`
    with passes as materialized (${passesOf(question)}), visits as materialized (${visits}),
    hops as (
      select place, step, next, count(*) as count from visits where place <= ${POSITIONS + 1} group by 1, 2, 3
    ), places as (
      select place, step, row_number() over (partition by place order by sum(count) desc, step) <= ${NAMED} as named
      from hops group by place, step
    )
    select ${totals} as totals, ${rows(seriesOf(question, interval, timezone))} as series,
      ${rows(sql`
        select step as name, visits, users, exits, exits::float8 / visits as "exitRate", "timeOnStepMs"
        from (
          select step, count(*) as visits, ${exits(question)} as exits, ${percentiles(sql`stay_ms`)} as "timeOnStepMs"
          from visits group by step
        ) visited join (
          select step, count(*) as users from (select distinct step, user_id from visits) each group by step
        ) visitors using (step)
        order by visits desc, step limit ${limit}`)} as steps,
      ${rows(sql`
        select step as from, next as to, count(*) as count from visits
        where next is not null group by step, next order by count desc, step, next limit ${limit}`)} as transitions,
      ${rows(links)} as links,
      ${rows(sql`
        select path, count(*) as count, avg(completed::int)::float8 as "completionRate" from passes
        where path <> '{}' group by path order by count desc, path limit ${limit}`)} as "topPaths",
      ${rows(sql`
        select value, ${rates}, ${percentiles(sql`duration_ms`)} as "durationMs"
        from passes group by value order by started desc, value limit ${BROKEN_DOWN}`)} as breakdown`)
  return row as JourneyMeasures
}

/** The totals and the series alone. */
export async function measureJourneyTrend(
  db: Db,
  question: RunQuestion,
  interval: IntervalName,
  timezone: string,
): Promise<JourneyTrend> {
  const [row] = await db.execute<JourneyTrend>(sql`
    with passes as materialized (${passesOf(question)})
    select ${totals} as totals, ${rows(seriesOf(question, interval, timezone))} as series`)
  return row as JourneyTrend
}

/** A query's rows as one JSON array, in its order. */
const rows = (query: SQL): SQL => sql`(select coalesce(json_agg(rows), '[]') from (${query}) rows)`

const percentiles = (ms: SQL): SQL => sql`json_build_object(
  'p50', percentile_cont(0.5) within group (order by ${ms}),
  'p90', percentile_cont(0.9) within group (order by ${ms}))`

const rates = sql`
  count(user_id) as started, count(user_id) filter (where completed) as completed,
  count(user_id) filter (where completed)::float8 / nullif(count(user_id), 0) as "completionRate"`

const durations = percentiles(sql`duration_ms`)

const totals = sql`(
  select to_json(total) from (select ${rates}, ${durations} as "durationMs" from passes) as total)`

/** Runs that ended at a step without completing; where an end was asked for, the others are not among them. */
const exits = ({ end }: RunQuestion): SQL =>
  end === undefined ? sql`count(*) filter (where next is null and not completed)` : sql`0`

function seriesOf({ filter }: RunQuestion, interval: IntervalName, timezone: string): SQL {
  return sql`
    with intervals as (${intervalsOf(filter, interval, timezone)}),
    begun as (select ${intervalStart(interval, timezone, sql`started`)} as at, user_id, completed from passes)
    select ${isoTime(sql`at`)} as at, ${rates}
    from intervals left join begun using (at) group by intervals.at order by intervals.at`
}

/** Every run is in one link of each position that its path has, so that what comes to a node also leaves it. */
const links = sql`
  select hops.place as position, case when here.named then hops.step else 'Other' end as from,
    case when hops.next is null then null when there.named then hops.next else 'Other' end as to, sum(count) as count
  from hops join places here on (here.place, here.step) = (hops.place, hops.step)
    left join places there on (there.place, there.step) = (hops.place + 1, hops.next)
  where hops.place <= ${POSITIONS}
  group by 1, 2, 3 order by 1, count desc, 2, 3`
