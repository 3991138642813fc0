import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type IntervalName, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'

/** Values of a breakdown at the most. */
const VALUES = 10

export interface Conversion extends Record<string, unknown> {
  entered: number
  completed: number
}

/** What is counted of one stage, by its position from 1. Stages that nobody entered have no row. */
export interface StageCount {
  position: number
  entered: number
  /** Those that entered this stage as the first of its order: alternatives of an order add up to its passes. */
  passed: number
  /** Those that passed the order before too, and the first order. */
  afterPrevious: number
  afterFirst: number
  toP50: number | null
  toP90: number | null
  inP50: number | null
  inP90: number | null
}

export interface Measure {
  totals: Conversion
  stages: StageCount[]
  series: (Conversion & { at: string })[]
  /** The values with the most entered passes, most first. */
  breakdown: (Conversion & { value: string | null; stages: StageCount[] })[]
}

export interface MeasureOptions {
  range: { from: Date; to: Date }
  interval: IntervalName
  timezone: string
  breakdown?: string
}

/** A length of time as SQL has it. */
export const milliseconds = (ms: number): SQL => sql`${ms}::float8 * interval '1 millisecond'`

/** The milliseconds from one time to another. */
export const elapsed = (from: SQL, to: SQL): SQL => sql`date_part('epoch', ${to} - ${from}) * 1000`

/**
 * Counts the passes through a funnel, in one statement.
 *
 * @param passes common table expressions, the last of which are `passes` (run, at, value, entered, completed) and
 *   `reached` (run, position, first, after_previous, after_first, to_ms, in_ms): one row a pass, and one for each stage
 *   that counts of it
 * @param more further columns of the answer
 */
export async function measurePasses<More extends Record<string, unknown> = Record<never, never>>(
  db: Db,
  passes: SQL,
  { range, interval, timezone, breakdown }: MeasureOptions,
  more: SQL = sql``,
): Promise<Measure & More> {
  const [row] = await forManyPasses(db, (tx) =>
    tx.execute<Measure & More>(sql`
    ${passes}, counted as (
      select ${intervalStart(interval, timezone, sql`at`)} as at, ${conversion}
      from passes where entered or completed group by 1
    ), points as (
      select ${isoTime(sql`i.at`)} as at, coalesce(entered, 0) as entered, coalesce(completed, 0) as completed
      from (${intervalsOf(range, interval, timezone)}) i left join counted using (at) order by i.at
    ), groups as (
      select row_number() over (order by count(*) filter (where entered) desc, value collate "C") as place, value,
        ${conversion}
      from passes group by value order by place limit ${breakdown ? VALUES : 0}
    )
    select (select json_build_object(${conversionPairs}) from passes) as totals,
      (select coalesce(json_agg(s), '[]') from (select position, ${stageCounts} from reached group by 1) s) as stages,
      (select coalesce(json_agg(p), '[]') from points p) as series,
      ${breakdown ? byValue : sql`'[]'::json`} as breakdown ${more}`),
  )
  return row as Measure & More
}

/** Entered and completed passes alone, of the same `passes`. */
export async function countPasses(db: Db, passes: SQL): Promise<Conversion> {
  const [row] = await forManyPasses(db, (tx) =>
    tx.execute<Conversion>(sql`${passes} select ${conversion} from passes`),
  )
  return row as Conversion
}

/**
 * Asks with settings for sorts and joins of some 100,000 passes: memory, which is 4 MB otherwise; no compiling, which
 * takes longer than it saves; and no nested loops, because nobody can tell beforehand how many passes there are, and a
 * loop that was planned for a few takes hours with many.
 */
export async function forManyPasses<Answer>(db: Db, ask: (tx: Db) => Promise<Answer>): Promise<Answer> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`
      select set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
        set_config('enable_nestloop', 'off', true)`)
    return ask(tx)
  })
}

const conversion = sql`
  (count(*) filter (where entered))::float8 as entered, (count(*) filter (where completed))::float8 as completed`

const conversionPairs = sql`
  'entered', count(*) filter (where entered), 'completed', count(*) filter (where completed)`

const stageCounts = sql`
  count(*) as entered, count(*) filter (where first) as passed,
  count(*) filter (where after_previous) as "afterPrevious", count(*) filter (where after_first) as "afterFirst",
  percentile_cont(0.5) within group (order by to_ms) as "toP50",
  percentile_cont(0.9) within group (order by to_ms) as "toP90",
  percentile_cont(0.5) within group (order by in_ms) as "inP50",
  percentile_cont(0.9) within group (order by in_ms) as "inP90"`

const byValue = sql`(
  select coalesce(json_agg(json_build_object('value', g.value, 'entered', g.entered, 'completed', g.completed,
    'stages', coalesce(c.stages, '[]')) order by g.place), '[]')
  from groups g left join (
    select place, json_agg(s) as stages
    from (
      select g.place, r.position, ${stageCounts}
      from reached r join passes p using (run) join groups g on g.value is not distinct from p.value
      group by 1, 2
    ) s group by 1
  ) c using (place))`
