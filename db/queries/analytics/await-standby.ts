import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/**
 * Resolves when all that was committed before is on every standby that commits wait for. A transaction that has written
 * nothing waits for nobody, so this one writes a message to the WAL that means nothing.
 */
export async function awaitStandby(db: Db): Promise<void> {
  await db.execute(sql`select pg_logical_emit_message(true, 'holdfast', '')`)
}
