import { and, asc, count, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { oneAtATime } from '@/db/queries/one-at-a-time'
import { savedFunnels } from '@/db/schema'

const byName = (projectId: string, name: string) =>
  and(eq(savedFunnels.projectId, projectId), eq(savedFunnels.name, name))

/** A project's saved funnels by name. */
export async function listSavedFunnels(db: Db, projectId: string) {
  return db
    .select({ name: savedFunnels.name, definition: savedFunnels.definition })
    .from(savedFunnels)
    .where(eq(savedFunnels.projectId, projectId))
    .orderBy(asc(savedFunnels.name))
}

/** The definition of a saved funnel; nothing, if there is none of that name. */
export async function findSavedFunnel(db: Db, projectId: string, name: string) {
  const [row] = await db
    .select({ definition: savedFunnels.definition })
    .from(savedFunnels)
    .where(byName(projectId, name))
  return row?.definition
}

/** Saves a funnel, in place of one of that name; answers whether there was room among `limit`. */
export async function storeFunnel(
  db: Db,
  funnel: { projectId: string; name: string; definition: Record<string, unknown> },
  limit: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await oneAtATime(tx, 'funnels', funnel.projectId)
    const [others] = await tx
      .select({ count: count() })
      .from(savedFunnels)
      .where(and(eq(savedFunnels.projectId, funnel.projectId), sql`${savedFunnels.name} <> ${funnel.name}`))
    if ((others?.count ?? 0) >= limit) return false
    await tx
      .insert(savedFunnels)
      .values(funnel)
      .onConflictDoUpdate({
        target: [savedFunnels.projectId, savedFunnels.name],
        set: { definition: funnel.definition, savedAt: new Date() },
      })
    return true
  })
}

/** Deletes a saved funnel; answers whether there was one. */
export async function deleteFunnel(db: Db, projectId: string, name: string): Promise<boolean> {
  const rows = await db
    .delete(savedFunnels)
    .where(byName(projectId, name))
    .returning({ name: savedFunnels.name })
  return rows.length > 0
}
