import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/** Stops what some of this server's processes, at least one, are working on; their connections stay. */
export async function cancelStatements(db: Db, [first, ...more]: [number, ...number[]]): Promise<void> {
  const pids = more.reduce((list, pid) => sql`${list}, ${pid}`, sql`${first}`)
  await db.execute(sql`
    select pg_cancel_backend(pid) from pg_stat_activity where pid in (${pids}) and state = 'active'`)
}
