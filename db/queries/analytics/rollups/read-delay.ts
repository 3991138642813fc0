import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { analyticsTables } from '@/db/schema'

/**
 * Seconds that a record has waited for the rollups, or since they were advanced, if that is less; 0 if none waits. Of each
 * table it looks at the first by transaction, which the index gives without a look at the others.
 */
export async function readRollupDelay(db: Db): Promise<number> {
  const first = analyticsTables.map(
    (table) => sql`(select received_at from ${sql.identifier(table)}
      where transaction_id >= next_transaction order by transaction_id limit 1)`,
  )
  const [row] = await db.execute<{ seconds: number }>(sql`
    select extract(epoch from clock_timestamp() - greatest(advanced_at, waiting))::float8 as seconds
    from rollup_progress, lateral (select least(${sql.join(first, sql`, `)}) as waiting) w
    where waiting is not null`)
  return Math.max(0, row?.seconds ?? 0)
}
