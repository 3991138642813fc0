import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export interface Progress extends Record<string, unknown> {
  /** Records of transactions before this one are in the rollups. */
  nextTransaction: string
  /** Whose days the project's rollups are by; none, if it has none yet. */
  timezone: string | null
}

/** How far the rollups of a project reach, as the snapshot sees them. */
export async function readProgress(db: Db, projectId: string): Promise<Progress> {
  const [row] = await db.execute<Progress>(sql`
    select next_transaction::text as "nextTransaction",
      (select timezone from rollup_projects where project_id = ${projectId}) as timezone
    from rollup_progress`)
  return row as Progress
}
