import { eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { memberships } from '@/db/schema'

interface Membership {
  projectId: string
  role: 'viewer' | 'operator'
}

/** In a question about `users`: the memberships of each of them. */
export const membershipsOf = sql<Membership[]>`coalesce((
  select json_agg(json_build_object('projectId', m.project_id, 'role', m.role) order by m.project_id)
  from memberships m where m.user_id = users.id), '[]')`

/** Makes these the memberships of an account. @throws SQLSTATE 23503 for a project that there is not */
export async function replaceMemberships(tx: Db, userId: string, wanted: Membership[]): Promise<void> {
  await tx.delete(memberships).where(eq(memberships.userId, userId))
  if (wanted.length > 0) await tx.insert(memberships).values(wanted.map((one) => ({ ...one, userId })))
}

/** Adds memberships where there are none yet. */
export async function addMemberships(db: Db, added: (typeof memberships.$inferInsert)[]): Promise<void> {
  if (added.length > 0) await db.insert(memberships).values(added).onConflictDoNothing()
}
