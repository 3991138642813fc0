import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { analyticsTables } from '@/db/schema'

/** A snapshot, and the restore point right after it. */
export interface NamedSnapshot {
  snapshot: string
  /** In bytes since 0/0. */
  lsn: number
  timeline: number
}

/** The rows of a table, and the sum of the hashes of all of each row. */
export interface TableContent {
  table: string
  rows: number
  hash: string
}

/** Names this moment in the WAL. @returns its LSN, in bytes since 0/0, and its timeline @throws Error when the role may not */
export async function nameMoment(db: Db, name: string): Promise<{ lsn: number; timeline: number }> {
  const [row] = await db.execute<{ lsn: string; timeline: number }>(sql`
    select (lsn - '0/0')::text as lsn, ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int as timeline
    from pg_create_restore_point(${name}) as lsn`)
  return { lsn: Number(row?.lsn), timeline: row?.timeline ?? 0 }
}

/**
 * Counts and hashes the analytics tables as they are at a moment that is named in the WAL, so that a server that is restored
 * to it can be compared, however much was recorded meanwhile. Takes two connections.
 *
 * @param onBackend is told the server's process that counts, alone
 */
export async function recordContent(
  db: Db,
  name: string,
  onBackend: (pid: number) => void = () => {},
): Promise<NamedSnapshot & { tables: TableContent[] }> {
  return db.transaction(
    async (tx) => {
      const moment = await db.transaction(async (held) => {
        // What changes or deletes rows waits for this: nothing of that comes between the snapshot and its name.
        await held.execute(sql`select from rollup_progress for update`)
        const [row] = await tx.execute<{ snapshot: string }>(
          sql`select pg_current_snapshot()::text as snapshot`,
        )
        return { snapshot: row?.snapshot ?? '', ...(await nameMoment(tx, name)) }
      })
      const [backend] = await tx.execute<{ pid: number }>(sql`
        select pg_backend_pid() as pid, set_config('max_parallel_workers_per_gather', '0', true)`)
      if (backend) onBackend(backend.pid)
      return { ...moment, tables: await readContent(tx, sql`true`) }
    },
    { isolationLevel: 'repeatable read' },
  )
}

/** The same of a restored server, which may have recorded more after the snapshot. */
export const contentAt = (db: Db, snapshot: string): Promise<TableContent[]> =>
  readContent(db, sql`pg_visible_in_snapshot(t.transaction_id, ${snapshot}::pg_snapshot)`)

async function readContent(db: Db, where: ReturnType<typeof sql>): Promise<TableContent[]> {
  const content: TableContent[] = []
  for (const table of analyticsTables) {
    const [row] = await db.execute<{ rows: number; hash: string }>(sql`
      select count(*)::int as rows, coalesce(sum(hash_record_extended(t, 0)), 0)::text as hash
      from ${sql.identifier(table)} t where ${where}`)
    content.push({ table, rows: row?.rows ?? 0, hash: row?.hash ?? '0' })
  }
  return content
}
