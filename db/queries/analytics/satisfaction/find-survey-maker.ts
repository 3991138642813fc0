import { and, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { surveys } from '@/db/schema'

/** Whose a survey of a project is, which stays so for as long as there is one; nothing, if there is none. */
export async function findSurveyMaker(db: Db, projectId: string, id: string) {
  const [row] = await db
    .select({ savedBy: surveys.savedBy })
    .from(surveys)
    .where(and(eq(surveys.projectId, projectId), eq(surveys.id, id)))
  return row
}
