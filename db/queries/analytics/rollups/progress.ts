import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { versionOf } from '@/db/time-zone'

export interface Progress extends Record<string, unknown> {
  /** Records of transactions before this one are in the rollups. */
  nextTransaction: string
  /** Whose days the project's rollups are by; none, if it has none yet, or none by days as they are known here. */
  timezone: string | null
}

/** How far the rollups of a project reach, as the snapshot sees them. */
export async function readProgress(db: Db, projectId: string): Promise<Progress> {
  const [row] = await db.execute<Progress & { version: string | null }>(sql`
    select next_transaction::text as "nextTransaction", timezone, zone_version as version
    from rollup_progress left join rollup_projects on project_id = ${projectId}`)
  const { nextTransaction, timezone, version } = row as NonNullable<typeof row>
  return { nextTransaction, timezone: timezone && versionOf(timezone) === version ? timezone : null }
}
