import { newBackupId, putManifest } from '@/lib/recovery/backups/local/back-up'
import { takeInventory } from '@/lib/recovery/backups/local/inventory'
import { type Manifest, readManifest } from '@/lib/recovery/backups/local/manifest'
import type { Storage } from '@/lib/recovery/backups/local/storage'

/**
 * An incremental backup: the WAL since the newest full one, up to where the archive reaches. Nothing is copied; from now on it
 * is checked and kept as a backup is.
 *
 * @param archivedUpTo has the current WAL archived, and says up to where, and on which timeline
 * @throws Error when there is no full backup to build upon, or WAL is missing between
 */
export async function markIncrement(
  storage: Storage,
  archivedUpTo: (base: Manifest) => Promise<{ lsn: number; timeline: number; member: string; bytes: number }>,
): Promise<Manifest> {
  const startedAt = new Date()
  const { backups } = await takeInventory(storage)
  const base = backups
    .filter(({ kind, problems }) => kind === 'full' && problems.length === 0)
    .sort((a, b) => b.endedAt.localeCompare(a.endedAt))[0]
  if (!base) throw new Error('There is no full backup to build upon: make one first.')
  const full = await readManifest(storage, base.id)
  const { lsn, timeline, member, bytes } = await archivedUpTo(full)
  const manifest: Manifest = {
    ...full,
    id: newBackupId('incremental', startedAt),
    kind: 'incremental',
    base: full.id,
    member,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    stopLsn: lsn,
    stopTimeline: timeline,
    storedBytes: bytes,
    folders: [],
    files: [],
  }
  await putManifest(storage, manifest)
  return manifest
}
