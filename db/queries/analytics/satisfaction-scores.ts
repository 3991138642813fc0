import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type Intervals, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'
import { dimensionOf, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

/** What every score of a survey is worked out from. */
export interface ScoreTally extends Record<string, unknown> {
  responses: number
  /** Sum of the scores. */
  sum: number
  /** Responses with a good score, and with a bad one. */
  good: number
  bad: number
}

/** A score is good from one limit up and bad up to the other. */
export interface Grades {
  goodFrom: number
  badTo: number
}

const tally = ({ goodFrom, badTo }: Grades): SQL => sql`
  count(*) as responses, sum(score) as sum, count(*) filter (where score >= ${goodFrom}::int) as good,
  count(*) filter (where score <= ${badTo}::int) as bad`

const tallyColumns = sql`
  coalesce(responses, 0)::float8 as responses, coalesce(sum, 0)::float8 as sum,
  coalesce(good, 0)::float8 as good, coalesce(bad, 0)::float8 as bad`

/** How many responses have each score; scores that nobody gave are left out. */
export async function countScores(db: Db, filter: RecordFilter) {
  return db.execute<{ score: number; count: number }>(sql`
    select score::int as score, count(*)::float8 as count
    from user_satisfaction where ${whereRecords('user_satisfaction', filter)}
    group by score order by score`)
}

/** Responses by interval, intervals without responses included. */
export async function tallyScoresOverTime(
  db: Db,
  filter: RecordFilter,
  grades: Grades,
  intervals: Intervals,
) {
  return db.execute<ScoreTally & { at: string }>(sql`
    with tallied as (
      select ${intervalStart(intervals, sql`occurred_at`)} as at, ${tally(grades)}
      from user_satisfaction where ${whereRecords('user_satisfaction', filter)} group by 1
    ), intervals as (${intervalsOf(intervals)})
    select ${isoTime(sql`at`)} as at, ${tallyColumns}
    from intervals left join tallied using (at) order by intervals.at`)
}

/** Responses by a dimension, most first; null counts those that have no value. */
export async function breakDownScores(db: Db, filter: RecordFilter, grades: Grades, by: string) {
  return db.execute<ScoreTally & { value: string | null }>(sql`
    select value, ${tallyColumns}
    from (
      select ${dimensionOf('user_satisfaction', by)} as value, ${tally(grades)}
      from user_satisfaction where ${whereRecords('user_satisfaction', filter)} group by 1
    ) tallied
    order by tallied.responses desc, value`)
}

/** The keys of the contexts of the newest responses, most frequent first. */
export async function listContextKeys(db: Db, filter: RecordFilter, sample = 5_000): Promise<string[]> {
  const rows = await db.execute<{ key: string }>(sql`
    select key
    from (
      select context from user_satisfaction where ${whereRecords('user_satisfaction', filter)}
      order by occurred_at desc limit ${sample}
    ) newest, jsonb_object_keys(context) as key
    group by key order by count(*) desc, key limit 50`)
  return rows.map((row) => row.key)
}
