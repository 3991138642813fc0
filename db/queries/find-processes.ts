import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/**
 * Some of this server's processes, at least one, and those that work for them in parallel; none if its own address
 * says that it is another machine's.
 */
export async function findProcesses(db: Db, [first, ...more]: [number, ...number[]]): Promise<number[]> {
  const pids = more.reduce((list, pid) => sql`${list}, ${pid}`, sql`${first}`)
  const found = await db.execute<{ pid: number }>(sql`
    select pid from pg_stat_activity
    where (pid in (${pids}) or leader_pid in (${pids}))
      and coalesce(inet_server_addr(), '::1') <<= any('{127.0.0.0/8, ::1}'::inet[])`)
  return found.map(({ pid }) => pid)
}
