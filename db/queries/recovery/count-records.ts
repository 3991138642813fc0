import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { analyticsTables } from '@/db/schema'

/** Records of each analytics table. @param receivedAfter an ISO time; all if left out */
export async function countRecords(
  db: Db,
  receivedAfter?: string,
): Promise<{ table: string; records: number }[]> {
  const where = receivedAfter ? sql`received_at > ${receivedAfter}::timestamptz` : sql`true`
  const counts = []
  for (const table of analyticsTables) {
    const [row] = await db.execute<{ records: number }>(
      sql`select count(*)::int as records from ${sql.identifier(table)} where ${where}`,
    )
    counts.push({ table, records: row?.records ?? 0 })
  }
  return counts
}
