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

/** Whose a saved funnel is, for others to know whether they may change it. */
export interface SavedFunnel {
  savedBy: string | null
}

/**
 * Saves a funnel, in place of one of that name; answers whether there was room among `limit`.
 *
 * @param mayReplace is asked before one of that name is replaced; what it throws ends all
 */
export async function storeFunnel(
  db: Db,
  funnel: { projectId: string; name: string; definition: Record<string, unknown>; savedBy: string | null },
  limit: number,
  mayReplace: (other: SavedFunnel) => void,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await oneAtATime(tx, 'funnels', funnel.projectId)
    const before = await findMaker(tx, funnel.projectId, funnel.name)
    if (before) mayReplace(before)
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

/**
 * Deletes a saved funnel; answers whether there was one.
 *
 * @param mayDelete is asked before; what it throws ends all
 */
export async function deleteFunnel(
  db: Db,
  projectId: string,
  name: string,
  mayDelete: (funnel: SavedFunnel) => void,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await oneAtATime(tx, 'funnels', projectId)
    const found = await findMaker(tx, projectId, name)
    if (!found) return false
    mayDelete(found)
    await tx.delete(savedFunnels).where(byName(projectId, name))
    return true
  })
}

async function findMaker(tx: Db, projectId: string, name: string): Promise<SavedFunnel | undefined> {
  const [row] = await tx
    .select({ savedBy: savedFunnels.savedBy })
    .from(savedFunnels)
    .where(byName(projectId, name))
  return row
}
