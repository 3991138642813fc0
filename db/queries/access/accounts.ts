import { and, asc, count, eq, isNotNull, or, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { dropInvitation } from '@/db/queries/access/invitations'
import { membershipsOf } from '@/db/queries/access/memberships'
import { invitations, users } from '@/db/schema'

const account = {
  id: users.id,
  email: users.email,
  role: users.role,
  memberships: membershipsOf,
  secondFactor: sql<boolean>`users.totp_secret is not null`,
  signsInElsewhere: sql<boolean>`users.oidc_subject is not null`,
  hasPassword: sql<boolean>`users.password_hash is not null`,
  createdAt: users.createdAt,
  invitedUntil: invitations.expiresAt,
}
const select = (db: Db) =>
  db.select(account).from(users).leftJoin(invitations, eq(invitations.userId, users.id))

export type AccountRow = Awaited<ReturnType<typeof listAccounts>>[number]

/** Every account, by name. */
export const listAccounts = (db: Db) => select(db).orderBy(asc(users.email))

/** One account; nothing, if there is none with this id. */
export async function findAccount(db: Db, id: string): Promise<AccountRow | undefined> {
  const [row] = await select(db).where(eq(users.id, id))
  return row
}

/** Makes an account without a password; nothing, if there is one with this address. */
export async function insertAccount(tx: Db, user: Pick<typeof users.$inferInsert, 'email' | 'role'>) {
  const [row] = await tx.insert(users).values(user).onConflictDoNothing().returning({ id: users.id })
  return row
}

/** Until the end of the transaction nobody else changes this account, nor who is an admin. */
export async function lockAccount(tx: Db, id: string): Promise<void> {
  await tx
    .select({ id: users.id })
    .from(users)
    .where(or(eq(users.id, id), eq(users.role, 'admin')))
    .orderBy(asc(users.id))
    .for('update')
}

/** Admins who can sign in, by password or, where there is one, through the issuer. */
export async function countAdmins(tx: Db, hasIssuer: boolean): Promise<number> {
  const [row] = await tx
    .select({ count: count() })
    .from(users)
    .where(
      and(
        eq(users.role, 'admin'),
        or(isNotNull(users.passwordHash), hasIssuer ? isNotNull(users.oidcSubject) : undefined),
      ),
    )
  return row?.count ?? 0
}

/** Changes an account, which ends its sessions. */
export async function updateAccount(
  tx: Db,
  id: string,
  changes: Partial<Pick<typeof users.$inferInsert, 'role' | 'passwordHash'>>,
): Promise<void> {
  await tx
    .update(users)
    .set({ ...changes, sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, id))
}

/** The account of whom the issuer calls so. */
export async function findBySubject(tx: Db, oidcSubject: string) {
  const [row] = await tx.select().from(users).where(eq(users.oidcSubject, oidcSubject))
  return row
}

/** Binds an account to whom the issuer calls so; a link to choose its password is worth nothing then. */
export async function bindToIssuer(tx: Db, id: string, oidcSubject: string): Promise<void> {
  await tx.update(users).set({ oidcSubject }).where(eq(users.id, id))
  await dropInvitation(tx, id)
}

/** Deletes an account, its sessions, memberships and invitation. */
export async function deleteAccount(tx: Db, id: string): Promise<void> {
  await tx.delete(users).where(eq(users.id, id))
}
