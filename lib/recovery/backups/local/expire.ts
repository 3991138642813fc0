import { parseSegment } from '@/lib/recovery/backups/archive'
import { findIds, takeInventory, walName } from '@/lib/recovery/backups/local/inventory'
import { BACKUPS, manifestName } from '@/lib/recovery/backups/local/manifest'
import type { Storage } from '@/lib/recovery/backups/local/storage'
import { withFindings } from '@/lib/recovery/backups/proofs'
import type { StoredBackup } from '@/lib/recovery/backups/provider'

const DAY_MS = 86_400_000

/**
 * The full backups that stay: the newest sound ones, and all down to the one by which the first moment of the window is
 * reached. A damaged one is never a reason to let another go.
 */
export function chooseKept(
  backups: StoredBackup[],
  keepFull: number,
  windowDays: number,
  now: number,
): StoredBackup[] {
  const sound = backups
    .filter(({ kind, problems }) => kind === 'full' && problems.length === 0)
    .sort((a, b) => b.endedAt.localeCompare(a.endedAt))
  const windowFrom = now - windowDays * DAY_MS
  const reaches = sound.findIndex(({ endedAt }) => Date.parse(endedAt) <= windowFrom)
  return sound.slice(0, Math.max(keepFull, reaches < 0 ? sound.length : reaches + 1))
}

/** Removes from a repository what no kept backup and no moment of the window needs. @returns how many of each went */
export async function expireStorage(
  storage: Storage,
  repository: number,
  keepFull: number,
  windowDays: number,
  now = Date.now(),
): Promise<{ backups: number; segments: number }> {
  const { backups, wal, segmentBytes } = await takeInventory(storage)
  const kept = chooseKept(withFindings(repository, backups), keepFull, windowDays, now)
  const oldest = kept.at(-1)
  // Without a sound backup nothing is known to be superfluous.
  if (!oldest) return { backups: 0, segments: 0 }
  const goes = backups.filter(({ id, base, endedAt }) => {
    if (kept.some((one) => one.id === id || one.id === base)) return false
    return endedAt < oldest.endedAt
  })
  for (const { id } of goes) {
    // Without it the rest is no backup, even if that does not all go now.
    await storage.remove(manifestName(id))
    await storage.remove(`${BACKUPS}/${id}`)
  }
  await removeHalfMade(storage)
  const from = Math.floor(Math.min(...kept.map(({ startLsn }) => startLsn)) / segmentBytes)
  const superfluous = wal.filter(({ name }) => (parseSegment(name, segmentBytes)?.number ?? from) < from)
  for (const { name } of superfluous) await storage.remove(walName(name))
  await storage.tidy()
  return { backups: goes.length, segments: superfluous.length }
}

/** What was begun and never got its manifest. Only while no backup is being made. */
async function removeHalfMade(storage: Storage): Promise<void> {
  const objects = await storage.list(BACKUPS)
  const made = new Set(findIds(objects))
  const half = new Set(objects.map(({ name }) => name.split('/')[1] as string).filter((id) => !made.has(id)))
  for (const id of half) await storage.remove(`${BACKUPS}/${id}`)
}
