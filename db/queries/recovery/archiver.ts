import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/** What a member's archiver has done since its statistics began; they are each member's own. */
export interface Archiver extends Record<string, unknown> {
  archiving: boolean
  archived: number
  failed: number
  lastArchived: string | null
  lastArchivedAt: string | null
  lastFailedAt: string | null
  failing: boolean
  /** After how many seconds a segment that is not full is archived; 0 for never. */
  timeoutSeconds: number
}

export async function readArchiver(db: Db): Promise<Archiver> {
  const [row] = await db.execute<{ archiver: Archiver }>(sql`
    select json_build_object(
      'archiving', current_setting('archive_mode') = 'always'
        or (current_setting('archive_mode') = 'on' and not pg_is_in_recovery()),
      'archived', archived_count,
      'failed', failed_count,
      'lastArchived', last_archived_wal,
      'lastArchivedAt', to_char(last_archived_time, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'lastFailedAt', to_char(last_failed_time, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'failing', coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false),
      'timeoutSeconds', (select setting::int from pg_settings where name = 'archive_timeout')
    ) as archiver from pg_stat_archiver`)
  return (row as { archiver: Archiver }).archiver
}
