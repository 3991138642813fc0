import { findNewestEntry, insertEntries } from '@/db/queries/recovery/journal'
import { leader } from '@/lib/database'
import { env } from '@/lib/env'
import { inTime } from '@/lib/in-time'
import type { JournalEntry } from '@/lib/recovery/journal/contract'
import { readJournal } from '@/lib/recovery/journal/file'

/** Entries that are copied at once. */
const AT_ONCE = 500
/** A database that does not say by then what it holds is not waited for, in milliseconds. */
const ANSWER_MS = 1_000

/** Copies what the database does not hold yet of the journal. Called every few seconds; a journal that is broken is not copied on. */
export async function mirrorJournal(): Promise<void> {
  if (!env().HOLDFAST_DATA_DIR) return
  const { entries, brokenAt } = readJournal()
  const chain = entries[0]?.hash
  if (!chain || brokenAt !== null) return
  const db = leader()
  const newest = await findNewestEntry(db, chain)
  if (findDeparture(entries, newest) !== null) return
  for (let from = newest?.seq ?? 0; from < entries.length; from += AT_ONCE) {
    const rows = entries.slice(from, from + AT_ONCE)
    await insertEntries(
      db,
      rows.map((entry) => ({ ...entry, chain, at: new Date(entry.at) })),
    )
  }
}

/** The first entry in which a journal departs from its copy, as far as the newest one tells; null if in none. */
export function findDeparture(
  entries: JournalEntry[],
  newest: { seq: number; hash: string } | undefined,
): number | null {
  if (!newest) return null
  if (newest.seq > entries.length) return entries.length + 1
  return entries[newest.seq - 1]?.hash === newest.hash ? null : newest.seq
}

/** What the database holds of the journal; null if none answers in time. */
export async function readMirror(entries: JournalEntry[]) {
  const chain = entries[0]?.hash
  if (!chain) return { newest: undefined }
  return inTime(ANSWER_MS, async () => ({ newest: await findNewestEntry(leader(), chain) }))
}
