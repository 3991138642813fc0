import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/** The server's version as a number, such as 180004. */
export async function readVersion(db: Db): Promise<number> {
  const [row] = await db.execute<{ version: number }>(
    sql`select current_setting('server_version_num')::int as version`,
  )
  return row?.version ?? 0
}
