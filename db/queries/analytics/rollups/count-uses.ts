import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { countsOf } from './count-records'
import { type Question, restOf } from './question'
import { unionAll } from './segments'

/** Records of features with one value and one category; both are empty where there is none. */
export interface UseCount extends Record<string, unknown> {
  value: string
  category: string
  opened: number
  used: number
  completed: number
  successes: number
  failures: number
  /** ISO: not later than the newest of them, and in the same week. */
  newest: string
}

/** Uses by a field and category, in the order of the field. @param question about features by both and their actions */
export async function countUses(db: Db, question: Question, by: string): Promise<UseCount[]> {
  const grouping = { by: [by, 'category'] }
  const cells = countsOf(
    question,
    grouping,
    sql`type as action, records::float8, successes::float8, failures::float8, at as newest`,
    false,
  )
  const rest = restOf(
    question,
    grouping,
    sql`action::text, 1, coalesce(success, false)::int, coalesce(not success, false)::int, occurred_at`,
  )
  const records = (action: string) => sql`coalesce(sum(records) filter (where action = ${action}), 0)`
  return db.execute<UseCount>(sql`
    select value, category, ${records('opened')} as opened, ${records('used')} as used,
      ${records('completed')} as completed, sum(successes) as successes, sum(failures) as failures,
      ${isoTime(sql`max(newest)`)} as newest
    from (${unionAll([...cells, rest])}) c (at, value, category, action, records, successes, failures, newest)
    group by value, category order by value`)
}
