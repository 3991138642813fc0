import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { surveys } from '@/db/schema'

/** What the tracker needs of a project's active surveys, oldest first. */
export async function listActiveSurveys(db: Db, projectId: string) {
  const { id, survey, question, followUp, page, delaySeconds, everyDays, createdAt } = surveys
  return db
    .select({ id, survey, question, followUp, page, delaySeconds, everyDays })
    .from(surveys)
    .where(and(eq(surveys.projectId, projectId), eq(surveys.active, true)))
    .orderBy(asc(createdAt), asc(id))
}
