import { eq, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { membershipsOf } from '@/db/queries/access/memberships'
import { endedSessions, users } from '@/db/schema'

/** What the sessions of an account have to agree with; nothing for an account that is gone. */
export async function findStanding(db: Db, userId: string) {
  const [row] = await db
    .select({
      role: users.role,
      memberships: membershipsOf,
      sessionVersion: users.sessionVersion,
      // Drizzle leaves the tables out of its names where it asks one alone.
      ended: sql<string[]>`array(
        select ended_sessions.id::text from ended_sessions where ended_sessions.user_id = users.id)`,
    })
    .from(users)
    .where(eq(users.id, userId))
  return row
}

/** Ends one session, and forgets those that ended before a time. */
export async function insertEndedSession(
  db: Db,
  session: { id: string; userId: string },
  forgetBefore: Date,
): Promise<void> {
  await db.insert(endedSessions).values(session).onConflictDoNothing()
  await db.delete(endedSessions).where(lt(endedSessions.endedAt, forgetBefore))
}

/** Ends all sessions of an account. */
export async function raiseSessionVersion(db: Db, userId: string): Promise<void> {
  await db
    .update(users)
    .set({ sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, userId))
}
