import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { dimensionOf, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

/** What is counted of a feature, or of a part of the records. */
export interface Uses extends Record<string, unknown> {
  opened: number
  used: number
  completed: number
  users: number
  /** Successes over records that say whether they were one. */
  successRate: number | null
  durationMs: { p50: number | null; p90: number | null }
}

const uses = sql`
  count(*) filter (where action = 'opened')::float8 as opened,
  count(*) filter (where action = 'used')::float8 as used,
  count(*) filter (where action = 'completed')::float8 as completed,
  count(distinct user_id)::float8 as users,
  (count(*) filter (where success))::float8 / nullif(count(success), 0) as "successRate",
  json_build_object(
    'p50', percentile_cont(0.5) within group (order by duration_ms),
    'p90', percentile_cont(0.9) within group (order by duration_ms)) as "durationMs"`

/** Features, most users first. */
export async function countUsesByFeature(db: Db, filter: RecordFilter, limit: number) {
  return db.execute<Uses & { name: string }>(sql`
    select feature as name, ${uses}
    from feature_usage where ${whereRecords('feature_usage', filter)}
    group by feature order by users desc, name limit ${limit}`)
}

/** The same by a dimension, most users first; null is the records that have no value. */
export async function breakDownUses(db: Db, filter: RecordFilter, by: string, limit: number) {
  return db.execute<Uses & { value: string | null }>(sql`
    select ${dimensionOf('feature_usage', by)} as value, ${uses}
    from feature_usage where ${whereRecords('feature_usage', filter)}
    group by 1 order by users desc, value limit ${limit}`)
}
