import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { dimensionOf, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

/** What is counted of records, and adds up over the values of a breakdown. */
export const USE_COUNTS = ['opened', 'used', 'completed', 'successes', 'failures'] as const
export type UseCounts = Record<(typeof USE_COUNTS)[number], number>

/** What is measured of a feature, or of a part of the records. */
export interface Uses extends UseCounts, Record<string, unknown> {
  users: number
  durationMs: { p50: number | null; p90: number | null }
}

const uses = sql`
  count(*) filter (where action = 'opened')::float8 as opened,
  count(*) filter (where action = 'used')::float8 as used,
  count(*) filter (where action = 'completed')::float8 as completed,
  count(*) filter (where success)::float8 as successes,
  count(*) filter (where not success)::float8 as failures,
  count(distinct user_id)::float8 as users,
  json_build_object(
    'p50', percentile_cont(0.5) within group (order by duration_ms),
    'p90', percentile_cont(0.9) within group (order by duration_ms)) as "durationMs"`

/**
 * Uses by a dimension, most users first; null is the records that have no value.
 *
 * @returns with each row the counts of all values together, also of those beyond the limit
 */
export async function breakDownUses(db: Db, filter: RecordFilter, by: string, limit: number) {
  const total = sql.join(
    USE_COUNTS.map((name) => sql`${name}::text, sum(${sql.identifier(name)}) over ()`),
    sql`, `,
  )
  return db.execute<Uses & { value: string | null; total: UseCounts }>(sql`
    select *, json_build_object(${total}) as total
    from (
      select ${dimensionOf('feature_usage', by)} as value, ${uses}
      from feature_usage where ${whereRecords('feature_usage', filter)} group by 1
    ) groups
    order by users desc, value limit ${limit}`)
}
