import { eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { users } from '@/db/schema'

/** The account with this address, in lower case. */
export async function findUser(db: Db, email: string) {
  const [row] = await db.select().from(users).where(eq(users.email, email))
  return row
}

/** Makes an account, or gives the one with this address a new password and role, which ends its sessions and its second factor. */
export async function upsertUser(db: Db, user: typeof users.$inferInsert): Promise<void> {
  await db
    .insert(users)
    .values(user)
    .onConflictDoUpdate({
      target: users.email,
      set: {
        passwordHash: user.passwordHash,
        role: user.role,
        totpSecret: null,
        sessionVersion: sql`${users.sessionVersion} + 1`,
      },
    })
}
