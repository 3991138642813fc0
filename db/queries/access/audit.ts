import { desc, lt } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { auditEntries } from '@/db/schema'

/** Adds an entry: in the transaction of what it tells, so that there is neither without the other. */
export async function insertAuditEntry(tx: Db, entry: typeof auditEntries.$inferInsert): Promise<void> {
  await tx.insert(auditEntries).values(entry)
}

/** Entries, newest first. @param before only those with a lower id */
export async function listAuditEntries(db: Db, { limit, before }: { limit: number; before?: number }) {
  return db
    .select()
    .from(auditEntries)
    .where(before === undefined ? undefined : lt(auditEntries.id, before))
    .orderBy(desc(auditEntries.id))
    .limit(limit)
}
