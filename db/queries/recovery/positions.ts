import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export interface Flushed extends Record<string, unknown> {
  lsn: string
  timeline: number
}

/** How far the leader's WAL is on disk: everything that it has acknowledged is before that. @throws on a standby */
export async function readFlushed(leader: Db): Promise<Flushed> {
  const [row] = await leader.execute<Flushed>(sql`
    select pg_current_wal_flush_lsn()::text as lsn,
      ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int as timeline`)
  return row as Flushed
}

/**
 * Whether a standby shows everything up to a position. One that does not stream on the same timeline may have got beyond it
 * on another way, and never counts.
 */
export async function hasReplayed(
  standby: Db,
  { lsn, timeline }: Flushed,
): Promise<'fresh' | 'behind' | 'astray'> {
  const [row] = await standby.execute<{ streams: boolean; there: boolean }>(sql`
    select pg_last_wal_replay_lsn() >= ${lsn}::pg_lsn as there,
      exists (select from pg_stat_wal_receiver where status = 'streaming' and received_tli = ${timeline}) as streams`)
  if (!row?.streams) return 'astray'
  return row.there ? 'fresh' : 'behind'
}
