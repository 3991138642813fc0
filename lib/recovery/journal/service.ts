import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import type { getJournal } from '@/lib/recovery/journal/contract'
import { readJournal } from '@/lib/recovery/journal/file'
import { findDeparture, readMirror } from '@/lib/recovery/journal/mirror'

/** The journal as it is on this machine's disk, verified at each reading, against the database's copy if there is one. */
export async function listJournal({
  limit,
  before,
  operationId,
}: ParsedInputOf<typeof getJournal>): Promise<OutputOf<typeof getJournal>> {
  const { entries, brokenAt: unchained } = readJournal()
  const mirror = await readMirror(entries)
  const brokenAt = unchained ?? findDeparture(entries, mirror?.newest)
  const wanted = entries.filter(
    (entry) =>
      (before === undefined || entry.seq < before) &&
      (operationId === undefined || entry.operationId === operationId),
  )
  return {
    entries: wanted.slice(-limit).reverse(),
    total: entries.length,
    verified: brokenAt === null,
    brokenAt,
    mirrored: mirror && (mirror.newest?.seq ?? 0),
  }
}
