import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { rollupClasses } from '@/db/schema'
import { countsOf } from './count-records'
import { type Question, restOf } from './question'
import { unionAll } from './segments'

/**
 * The most frequent error messages of features, most frequent first.
 *
 * @param question about `feature_error`
 * @param limit messages of a feature at the most
 */
export async function countErrors(db: Db, question: Question, features: string[], limit: number) {
  const grouping = { by: ['name'], only: features.map((name) => [name]) }
  const cells = countsOf(question, grouping, sql`${rollupClasses.category} as class, records`)
  const rest = restOf(question, grouping, sql`error, 1 as records`)
  const counted = sql`
    select value, class::json ->> 1 as message, records
    from (select value, class, sum(records) as records from (${unionAll(cells)}) c group by value, class) classes
    union all
    select value, error, records from (${rest}) r where error is not null`
  return db.execute<{ name: string; message: string; count: number }>(sql`
    select value as name, message, count::float8 as count
    from (
      select value, message, sum(records) as count,
        row_number() over (partition by value order by sum(records) desc, message) as place
      from (${counted}) c group by value, message
    ) placed
    where place <= ${limit} order by value, place`)
}
