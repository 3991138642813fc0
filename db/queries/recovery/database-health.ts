import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export interface DatabaseHealth extends Record<string, unknown> {
  connections: number
  maxConnections: number
  /** Share of blocks that were found in memory since the statistics were reset; null before any was read. */
  cacheHitRate: number | null
  /** Sessions that wait for a lock. */
  waiting: number
  /** Seconds that the oldest transaction has been open. */
  oldestTransactionSeconds: number
  /** Share of dead rows in the tables of this database. */
  deadRowRate: number | null
  /** Transactions since the oldest that is not frozen; at 2^31 no more are taken. */
  wraparoundAge: number
  /** Bytes of this database. */
  databaseBytes: number
  dataChecksums: boolean
  /** Pages whose checksum was wrong, of any database, since the statistics were reset. */
  checksumFailures: number
  archiveFails: boolean
}

/** What the leader's statistics say of its own state: PostgreSQL 15 to 18. */
export async function readDatabaseHealth(db: Db): Promise<DatabaseHealth> {
  const [row] = await db.execute<{ health: DatabaseHealth }>(sql`
    select json_build_object(
      'connections', (select count(*) from pg_stat_activity where backend_type = 'client backend'),
      'maxConnections', current_setting('max_connections')::int,
      'cacheHitRate', (select sum(blks_hit)::float8 / nullif(sum(blks_hit + blks_read), 0) from pg_stat_database),
      'waiting', (select count(*) from pg_stat_activity where wait_event_type = 'Lock'),
      'oldestTransactionSeconds', (
        select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()),
      'deadRowRate', (select sum(n_dead_tup)::float8 / nullif(sum(n_live_tup + n_dead_tup), 0) from pg_stat_user_tables),
      'wraparoundAge', (select max(age(datfrozenxid)) from pg_database),
      'databaseBytes', pg_database_size(current_database()),
      'dataChecksums', current_setting('data_checksums') = 'on',
      'checksumFailures', (select coalesce(sum(checksum_failures), 0) from pg_stat_database),
      'archiveFails', (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
        from pg_stat_archiver)
    ) as health`)
  return (row as { health: DatabaseHealth }).health
}
