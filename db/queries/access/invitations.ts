import { and, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { invitations, users } from '@/db/schema'

const isOpen = (hash: string) => and(eq(invitations.hash, hash), gt(invitations.expiresAt, sql`now()`))

/** Makes this the invitation of its account: one that was made before is worth nothing then. */
export async function upsertInvitation(
  tx: Db,
  { userId, ...invitation }: typeof invitations.$inferInsert,
): Promise<void> {
  await tx
    .insert(invitations)
    .values({ userId, ...invitation })
    .onConflictDoUpdate({ target: invitations.userId, set: invitation })
}

/** The invitation with this hash, if it can still be used, and the address that it is for. */
export async function findInvitation(db: Db, hash: string) {
  const [row] = await db
    .select({ email: users.email, expiresAt: invitations.expiresAt })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.userId))
    .where(isOpen(hash))
  return row
}

/** Uses an invitation up. Nothing, if it was used, replaced or is too old. */
export async function takeInvitation(tx: Db, hash: string) {
  const [row] = await tx.delete(invitations).where(isOpen(hash)).returning({ userId: invitations.userId })
  return row
}

/** Makes the link of an account worth nothing, if it has one. */
export async function dropInvitation(tx: Db, userId: string): Promise<void> {
  await tx.delete(invitations).where(eq(invitations.userId, userId))
}
