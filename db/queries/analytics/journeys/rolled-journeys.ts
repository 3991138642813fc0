import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { groupBy } from '@/db/group-by'
import type { Intervals } from '@/db/queries/analytics/intervals'
import {
  BROKEN_DOWN,
  type DurationMs,
  type JourneyMeasures,
  type JourneyRates,
  type JourneyTrend,
} from '@/db/queries/analytics/journeys/measure-journeys'
import { type PathMeasures, pathColumns, pathTables } from '@/db/queries/analytics/journeys/path-measures'
import { keyOf, measureFactDurations } from '@/db/queries/analytics/rollups/runs/fact-durations'
import { countFactUsers } from '@/db/queries/analytics/rollups/runs/fact-users'
import { countFacts, type FactCount, type FactQuestion } from '@/db/queries/analytics/rollups/runs/question'

/** Target of the durations of runs. */
const RUN = 'run'
const unknown: DurationMs = { p50: null, p90: null }

/**
 * Runs of journeys in numbers, by the facts about them: what `measureJourneys` gives by their records.
 *
 * @param by the dimension of the breakdown
 * @param limit rows of steps, transitions and paths
 * @returns nothing where facts do not say enough
 */
export async function measureRolledJourneys(
  db: Db,
  question: FactQuestion,
  intervals: Intervals,
  by: string | undefined,
  limit: number,
): Promise<JourneyMeasures | undefined> {
  const paths = await countFacts(db, question, 'journey_path', {})
  const users = await countFactUsers(db, question, 'journey_visit')
  if (!users || paths.some(({ type }) => type === 'long')) return undefined
  const targets = [...users.keys()].map((step) => ({ target: step, type: step, category: '' }))
  const [trend, measures, stays, breakdown] = await Promise.all([
    measureRolledTrend(db, question, intervals),
    measurePaths(db, paths, limit),
    measureFactDurations(db, question, 'journey_visit', targets),
    by === undefined ? [] : breakDown(db, question, by),
  ])
  return {
    ...trend,
    ...measures,
    stays: [...users].map(([name, count]) => ({
      name,
      users: count,
      timeOnStepMs: stays.get(keyOf(name)) ?? unknown,
    })),
    breakdown,
  }
}

/** The totals and the series alone. */
export async function measureRolledTrend(
  db: Db,
  question: FactQuestion,
  intervals: Intervals,
): Promise<JourneyTrend> {
  const [facts, durations] = await Promise.all([
    countFacts(db, question, 'journey_run', { intervals }),
    measureFactDurations(db, question, 'journey_run', [completion]),
  ])
  const begun = groupBy(facts, ({ at }) => at)
  return {
    totals: { ...ratesOf(facts), durationMs: durations.get(keyOf(RUN)) ?? unknown },
    series: intervals.starts.map((at) => ({ at, ...ratesOf(begun.get(at) ?? []) })),
  }
}

/** Journeys with how many of their runs begin in the range, most first. */
export async function countRolledJourneys(db: Db, question: FactQuestion) {
  const facts = groupBy(await countFacts(db, question, 'journey_run', {}), ({ name }) => name)
  return [...facts]
    .map(([name, facts]) => ({ name, started: ratesOf(facts).started }))
    .sort((a, b) => b.started - a.started || compareBytes(a.name, b.name))
}

const completion = { target: RUN, type: 'completed', category: '' }

async function breakDown(db: Db, question: FactQuestion, by: string) {
  const [facts, durations] = await Promise.all([
    countFacts(db, question, 'journey_run', { by: [by] }),
    measureFactDurations(db, question, 'journey_run', [completion], { by: [by] }),
  ])
  return [...groupBy(facts, ({ value }) => value)]
    .map(([value, facts]) => ({
      value,
      ...ratesOf(facts),
      durationMs: durations.get(keyOf(RUN, value)) ?? unknown,
    }))
    .map((group) => ({ ...group, value: group.value === '' ? null : group.value }))
    .sort((a, b) => b.started - a.started || compareValues(a.value, b.value))
    .slice(0, BROKEN_DOWN)
}

async function measurePaths(db: Db, paths: FactCount[], limit: number): Promise<PathMeasures> {
  const counted = paths.map(({ type, category, count }) => ({
    path: JSON.parse(category),
    completed: type === 'completed',
    count,
  }))
  const [row] = await db.execute<PathMeasures & Record<string, unknown>>(sql`
    with paths as materialized (
      select path, completed, sum(count) as count
      from jsonb_to_recordset(${JSON.stringify(counted)}::text::jsonb)
        as t (path text[], completed boolean, count bigint)
      group by 1, 2
    ), ${pathTables}
    select ${pathColumns(limit, false)}`)
  return row as PathMeasures
}

function ratesOf(facts: FactCount[]): JourneyRates {
  const sum = (counted: FactCount[]) => counted.reduce((total, { count }) => total + count, 0)
  const [started, completed] = [sum(facts), sum(facts.filter(({ type }) => type === 'completed'))]
  return { started, completed, completionRate: started === 0 ? null : completed / started }
}

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Missing values last. */
const compareValues = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number(a === null) - Number(b === null) : compareBytes(a, b)
