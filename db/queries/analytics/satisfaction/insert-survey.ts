import { count, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { oneAtATime } from '@/db/queries/one-at-a-time'
import { surveys } from '@/db/schema'

/** Stores a new survey; nothing, if its project has `limit` of them already. */
export async function insertSurvey(db: Db, survey: typeof surveys.$inferInsert, limit: number) {
  return db.transaction(async (tx) => {
    await oneAtATime(tx, 'surveys', survey.projectId)
    const [others] = await tx
      .select({ count: count() })
      .from(surveys)
      .where(eq(surveys.projectId, survey.projectId))
    if ((others?.count ?? 0) >= limit) return undefined
    const [row] = await tx.insert(surveys).values(survey).returning()
    return row
  })
}
