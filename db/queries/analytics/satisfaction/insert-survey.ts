import { count, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { surveys } from '@/db/schema'

/** Stores a new survey; nothing, if its project has `limit` of them already. */
export async function insertSurvey(db: Db, survey: typeof surveys.$inferInsert, limit: number) {
  return db.transaction(async (tx) => {
    // One maker of a project at a time, else two of them could both take the last place.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`holdfast.surveys.${survey.projectId}`}, 0))`,
    )
    const [others] = await tx
      .select({ count: count() })
      .from(surveys)
      .where(eq(surveys.projectId, survey.projectId))
    if ((others?.count ?? 0) >= limit) return undefined
    const [row] = await tx.insert(surveys).values(survey).returning()
    return row
  })
}
