import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { users } from '@/db/schema'

/** Gives an account its second factor, or takes it away. @param step the one whose code has proved it */
export async function setTotp(
  tx: Db,
  id: string,
  { secret, step = 0 }: { secret: string | null; step?: number },
): Promise<void> {
  await tx.update(users).set({ totpSecret: secret, totpStep: step }).where(eq(users.id, id))
}

/** Uses a step of time up; false, if it or a later one was used before. */
export async function takeTotpStep(db: Db, id: string, step: number): Promise<boolean> {
  const taken = await db
    .update(users)
    .set({ totpStep: step })
    .where(and(eq(users.id, id), lt(users.totpStep, step)))
    .returning({ id: users.id })
  return taken.length > 0
}
