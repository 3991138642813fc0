import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { keys, projects } from '@/db/schema'

/** The unrevoked key with this hash, and its project. */
export async function findKey(db: Db, hash: string) {
  const [row] = await db
    .select({ key: keys, project: projects })
    .from(keys)
    .innerJoin(projects, eq(projects.id, keys.projectId))
    .where(and(eq(keys.hash, hash), isNull(keys.revokedAt)))
  return row
}
