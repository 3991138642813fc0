import { asc, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { surveys } from '@/db/schema'

/** A project's surveys, oldest first. */
export async function listSurveys(db: Db, projectId: string) {
  return db
    .select()
    .from(surveys)
    .where(eq(surveys.projectId, projectId))
    .orderBy(asc(surveys.createdAt), asc(surveys.id))
}
