import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import { analyticsTables } from '@/db/schema'

/**
 * Until all that was recorded before is in the rollups. A transaction that began earlier holds their mark back, in
 * whatever database of the cluster: that of another test is waited for, since each try would hold back the other's.
 */
export async function rollUp(db: Db): Promise<void> {
  const left = analyticsTables.map(
    (table) => sql`select from ${sql.identifier(table)}
      where transaction_id >= (select next_transaction from rollup_progress)`,
  )
  do {
    await earlierOnesAreOver(db)
    await advanceRollups(db)
  } while ((await db.execute(sql`select exists (${sql.join(left, sql` union all `)}) as left`))[0]?.left)
}

async function earlierOnesAreOver(db: Db): Promise<void> {
  const [now] = await db.execute(sql`select pg_snapshot_xmax(pg_current_snapshot())::text as next`)
  const over = sql`select pg_snapshot_xmin(pg_current_snapshot()) >= ${now?.next}::xid8 as over`
  while (!(await db.execute(over))[0]?.over) await sleep(10)
}
