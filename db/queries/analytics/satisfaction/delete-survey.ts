import { and, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { surveys } from '@/db/schema'

/** Deletes a survey of a project; answers whether there was one. */
export async function deleteSurvey(db: Db, projectId: string, id: string): Promise<boolean> {
  const rows = await db
    .delete(surveys)
    .where(and(eq(surveys.projectId, projectId), eq(surveys.id, id)))
    .returning({ id: surveys.id })
  return rows.length > 0
}
