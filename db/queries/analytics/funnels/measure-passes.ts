import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type Intervals, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'

/** Values of a breakdown at the most. */
export const VALUES = 10
/** Every interval of every timezone begins at a multiple of this. Few of these are quickly put in intervals. */
const SPAN = '15 minutes'

type CountName = 'position' | 'entered' | 'passed' | 'afterPrevious' | 'afterFirst'

export interface Conversion extends Record<string, unknown> {
  entered: number
  completed: number
}

/** What is counted of one stage, by its position from 1. Stages that nobody entered may be missing. */
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
  intervals: Intervals
  breakdown?: string
}

/** A length of time as SQL has it. */
export const milliseconds = (ms: number): SQL => sql`${ms}::float8 * interval '1 millisecond'`

/** The milliseconds from one time to another. */
export const elapsed = (from: SQL, to: SQL): SQL => sql`date_part('epoch', ${to} - ${from}) * 1000`

/** What is counted of one stage, as JSON: a `StageCount`. Times that are null are left out. */
export const stageCount = (
  { position, entered, passed, afterPrevious, afterFirst }: Record<CountName, SQL>,
  toMs: SQL,
  inMs: SQL,
): SQL => {
  const percentile = (at: number, ms: SQL) =>
    sql`percentile_cont(${at}::float8) within group (order by ${ms})`
  return sql`json_build_object('position', ${position}, 'entered', ${entered}, 'passed', ${passed},
    'afterPrevious', ${afterPrevious}, 'afterFirst', ${afterFirst},
    'toP50', ${percentile(0.5, toMs)}, 'toP90', ${percentile(0.9, toMs)},
    'inP50', ${percentile(0.5, inMs)}, 'inP90', ${percentile(0.9, inMs)})`
}

/**
 * Counts the passes through a funnel, in one statement.
 *
 * @param passes common table expressions, the last of which is `passes` (at, value, entered, completed): one row a pass
 * @param stagesOf a query for `place` and `stages`, the counts of all stages as JSON: of all passes, where place is a
 *   constant, or by the place of their value, which `placed` has besides the columns of `passes`
 * @param more further columns of the answer
 */
export async function measurePasses<More extends Record<string, unknown> = Record<never, never>>(
  db: Db,
  passes: SQL,
  stagesOf: (rows: 'passes' | 'placed', place: SQL) => SQL,
  { intervals, breakdown }: MeasureOptions,
  more: SQL = sql``,
): Promise<Measure & More> {
  const [row] = await forManyPasses(db, (tx) =>
    tx.execute<Measure & More>(sql`
    ${passes}, moments as (
      select date_bin(${SPAN}, at, 'epoch') as at, ${conversion} from passes where entered or completed group by 1
    ), counted as (
      select ${intervalStart(intervals, sql`at`)} as at, sum(entered) as entered, sum(completed) as completed
      from moments group by 1
    ), points as (
      select ${isoTime(sql`i.at`)} as at, coalesce(entered, 0) as entered, coalesce(completed, 0) as completed
      from (${intervalsOf(intervals)}) i left join counted using (at) order by i.at
    ), groups as (
      select row_number() over (order by count(*) filter (where entered) desc, value collate "C") as place, value,
        ${conversion}
      from passes group by value order by place limit ${breakdown ? VALUES : 0}
    ), placed as (
      select place, p.* from passes p join groups g on g.value is not distinct from p.value
    )
    select (
        select json_build_object('entered', coalesce(sum(entered), 0), 'completed', coalesce(sum(completed), 0))
        from moments
      ) as totals,
      coalesce((select stages from (${stagesOf('passes', sql`0`)}) s), '[]') as stages,
      (select coalesce(json_agg(p), '[]') from points p) as series,
      ${breakdown ? byValue(stagesOf('placed', sql`place`)) : sql`'[]'::json`} as breakdown ${more}`),
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

const byValue = (stages: SQL) => sql`(
  select coalesce(json_agg(json_build_object('value', value, 'entered', entered, 'completed', completed,
    'stages', coalesce(stages, '[]')) order by place), '[]')
  from groups left join (${stages}) s using (place))`
