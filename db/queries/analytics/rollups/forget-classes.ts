import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/**
 * Forgets the error messages and paths of a project that nothing counts for any more: they may hold words of someone
 * whose records were deleted, and there may be many. Only while the rollups stay where they are.
 */
export async function forgetClasses(tx: Db, projectId: string): Promise<void> {
  await tx.execute(sql`
    delete from rollup_classes k
    where k.project_id = ${projectId} and k.source in ('feature_error', 'journey_path') and not exists (
      select from rollup_counts r where r.project_id = k.project_id and r.grain = 'day' and r.class_id = k.id)`)
}
