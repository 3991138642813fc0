import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { keys } from '@/db/schema'

/** A project's keys, newest first, the revoked ones too. */
export async function findKeys(db: Db, projectId: string) {
  return db.select().from(keys).where(eq(keys.projectId, projectId)).orderBy(desc(keys.createdAt))
}

/** Stores a key by its hash. */
export async function insertKey(db: Db, key: typeof keys.$inferInsert) {
  const [row] = await db.insert(keys).values(key).returning()
  return row as typeof keys.$inferSelect
}

/** Revokes a key; nothing, if there is no such key or it was revoked before. */
export async function revokeKey(db: Db, id: string) {
  const [row] = await db
    .update(keys)
    .set({ revokedAt: new Date() })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
    .returning()
  return row
}
