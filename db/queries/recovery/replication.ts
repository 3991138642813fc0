import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export interface StandbyLag extends Record<string, unknown> {
  name: string
  state: string
  synchronous: boolean
  lagBytes: number | null
  writeMs: number | null
  flushMs: number | null
  replayMs: number | null
}

/** How far each standby is behind, as the leader sees it. Times are null while nothing is written. */
export async function readStandbyLag(db: Db): Promise<StandbyLag[]> {
  return db.execute<StandbyLag>(sql`
    select application_name as name, state, sync_state in ('sync', 'quorum') as synchronous,
      pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 as "lagBytes",
      extract(epoch from write_lag)::float8 * 1000 as "writeMs",
      extract(epoch from flush_lag)::float8 * 1000 as "flushMs",
      extract(epoch from replay_lag)::float8 * 1000 as "replayMs"
    from pg_stat_replication order by application_name`)
}

export interface Slot extends Record<string, unknown> {
  name: string
  active: boolean
  status: string | null
  retainedBytes: number | null
}

/** The leader's replication slots and the WAL that each keeps. */
export async function readSlots(db: Db): Promise<Slot[]> {
  return db.execute<Slot>(sql`
    select slot_name as name, active, wal_status as status,
      pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as "retainedBytes"
    from pg_replication_slots order by slot_name`)
}
