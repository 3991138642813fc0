import { asc, eq, isNull } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { membershipsOf } from '@/db/queries/access/memberships'
import { endedSessions, keys, projects, users } from '@/db/schema'

/** All accounts, sessions that ended, projects and unrevoked keys, as of one moment. */
export async function readAccess(db: Db) {
  return db.transaction(
    async (tx) => ({
      users: await tx
        .select({
          id: users.id,
          email: users.email,
          role: users.role,
          memberships: membershipsOf,
          passwordHash: users.passwordHash,
          totpSecret: users.totpSecret,
          sessionVersion: users.sessionVersion,
        })
        .from(users)
        .orderBy(asc(users.id)),
      endedSessions: (await tx.select().from(endedSessions).orderBy(asc(endedSessions.id))).map(
        ({ id }) => id,
      ),
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
