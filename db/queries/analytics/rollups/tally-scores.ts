import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import type { Grades, ScoreTally } from '@/db/queries/analytics/satisfaction-scores'
import { rollupClasses } from '@/db/schema'
import { countsOf } from './count-records'
import { type Question, restOf } from './question'
import { unionAll } from './segments'

/** Responses by a field, most first; null counts those that have no value. @param question about responses */
export async function tallyScores(db: Db, question: Question, { goodFrom, badTo }: Grades, by: string) {
  const grouping = { by: [by] }
  const cells = countsOf(question, grouping, sql`${rollupClasses.type}::int as score, records`, false)
  return db.execute<ScoreTally & { value: string | null }>(sql`
    select nullif(value, '') as value, sum(records)::float8 as responses, sum(records * score)::float8 as sum,
      coalesce(sum(records) filter (where score >= ${goodFrom}::int), 0)::float8 as good,
      coalesce(sum(records) filter (where score <= ${badTo}::int), 0)::float8 as bad
    from (${unionAll([...cells, restOf(question, grouping, sql`score::int, 1`)])}) c (at, value, second, score, records)
    group by c.value order by sum(records) desc, nullif(c.value, '')`)
}
