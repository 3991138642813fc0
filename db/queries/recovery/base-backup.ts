import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export interface BackupSource extends Record<string, unknown> {
  folder: string
  systemIdentifier: string
  postgres: number
  segmentBytes: number
}

/** What a server says of itself before it is copied. */
export async function readBackupSource(db: Db): Promise<BackupSource> {
  const [row] = await db.execute<BackupSource>(sql`
    select current_setting('data_directory') as folder,
      (select system_identifier::text from pg_control_system()) as "systemIdentifier",
      current_setting('server_version_num')::int as postgres,
      (select setting::int from pg_settings where name = 'wal_segment_size') as "segmentBytes"`)
  return row as BackupSource
}

/** Begins a base backup, which belongs to this session. @param db of one connection that is never recycled */
export async function startBaseBackup(db: Db, label: string): Promise<void> {
  await db.execute(sql`select pg_backup_start(${label}, true)`)
}

export interface BaseBackupEnd extends Record<string, unknown> {
  /** In bytes since 0/0. */
  stopLsn: string
  label: string
  tablespaces: string
}

/** Ends it, without waiting for the archive. @throws Error when the standby was promoted meanwhile */
export async function stopBaseBackup(db: Db): Promise<BaseBackupEnd> {
  const [row] = await db.execute<BaseBackupEnd>(sql`
    select (lsn - '0/0')::text as "stopLsn", labelfile as label, spcmapfile as tablespaces from pg_backup_stop(false)`)
  return row as BaseBackupEnd
}

/** A checkpoint now: a backup from a standby begins at the last one that its leader wrote. */
export async function checkpoint(db: Db): Promise<void> {
  await db.execute(sql`checkpoint`)
}
