import { desc, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { recoveryJournal } from '@/db/schema'

type Row = typeof recoveryJournal.$inferInsert

/** The newest entry of a chain that the database holds; undefined if it holds none. */
export async function findNewestEntry(
  db: Db,
  chain: string,
): Promise<{ seq: number; hash: string } | undefined> {
  const [row] = await db
    .select({ seq: recoveryJournal.seq, hash: recoveryJournal.hash })
    .from(recoveryJournal)
    .where(eq(recoveryJournal.chain, chain))
    .orderBy(desc(recoveryJournal.seq))
    .limit(1)
  return row
}

/** Adds entries to a chain; one that is there already stays as it is. */
export async function insertEntries(db: Db, rows: Row[]): Promise<void> {
  await db.insert(recoveryJournal).values(rows).onConflictDoNothing()
}
