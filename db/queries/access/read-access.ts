import { asc, eq, isNull } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { keys, projects, users } from '@/db/schema'

/** All accounts, projects and unrevoked keys, as of one moment. */
export async function readAccess(db: Db) {
  return db.transaction(
    async (tx) => ({
      users: await tx
        .select({ id: users.id, email: users.email, role: users.role, passwordHash: users.passwordHash })
        .from(users)
        .orderBy(asc(users.id)),
      projects: await tx.select().from(projects).orderBy(asc(projects.createdAt), asc(projects.id)),
      keys: await tx
        .select({
          id: keys.id,
          projectId: keys.projectId,
          kind: keys.kind,
          hash: keys.hash,
          ratePerSecond: keys.ratePerSecond,
        })
        .from(keys)
        .innerJoin(projects, eq(projects.id, keys.projectId))
        .where(isNull(keys.revokedAt))
        .orderBy(asc(keys.id)),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}
