import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { surveys } from '@/db/schema'

/** Changes what is given of a survey of a project; nothing, if there is none. */
export async function updateSurvey(
  db: Db,
  projectId: string,
  id: string,
  changes: Partial<Omit<typeof surveys.$inferInsert, 'id' | 'projectId' | 'savedBy'>>,
) {
  const [row] = await db
    .update(surveys)
    .set({ ...changes, changedAt: sql`now()` })
    .where(and(eq(surveys.projectId, projectId), eq(surveys.id, id)))
    .returning()
  return row
}
