import { createWriteStream } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { atOnce } from '@/lib/at-once'
import { walkArchive } from '@/lib/recovery/backups/archive'
import { takeInventory } from '@/lib/recovery/backups/local/inventory'
import { fileName, type Manifest, readManifest } from '@/lib/recovery/backups/local/manifest'
import { readWal } from '@/lib/recovery/backups/local/read-wal'
import { measure, type Storage } from '@/lib/recovery/backups/local/storage'
import type { Progress, RestoreOrder } from '@/lib/recovery/backups/provider'
import { toRecoveryTarget } from '@/lib/recovery/restore/recovery-target'

const AT_ONCE = 4

/**
 * Unpacks a backup into a folder, compared with its checksums, and all WAL that is to be replayed into its pg_wal: whether
 * that is whole is known before anything is replayed, and not by where recovery ends.
 *
 * @returns the settings with which a server replays it up to the target and stands still there
 */
export async function restoreFiles(
  storage: Storage,
  { backup, target, folder, upTo, along }: RestoreOrder,
  progress: Progress,
  abort: AbortSignal,
): Promise<Record<string, string>> {
  const base = await readManifest(storage, backup.base ?? backup.id)
  const inventory = await takeInventory(storage)
  const { files: wal } = walkArchive(base, inventory, upTo ?? undefined, along)
  const total = base.sizeBytes + wal.length * inventory.segmentBytes
  let done = 0
  const step = (bytes: number) => {
    done += bytes
    progress(done, total)
  }
  await unpack(storage, base, folder, step, abort)
  for (const { name } of wal) {
    abort.throwIfAborted()
    await fetchWal(storage, name, inventory.segmentBytes, join(folder, 'pg_wal'))
    step(inventory.segmentBytes)
  }
  for (const [timeline, history] of inventory.histories) {
    const name = `${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`
    await writeFile(join(folder, 'pg_wal', name), history, { mode: 0o600 })
  }
  // Without a target a server would take writes where the WAL ends; a standby replays what there is, and waits.
  const { type, text } = toRecoveryTarget(target)
  await writeFile(join(folder, type === null ? 'standby.signal' : 'recovery.signal'), '', {
    mode: 0o600,
  })
  return {
    // Everything is in pg_wal; a restore command has to be there all the same.
    restore_command: 'false',
    recovery_target_timeline: String(along),
    recovery_target_action: 'pause',
    ...(type && { [`recovery_target_${type}`]: text }),
  }
}

async function unpack(
  storage: Storage,
  { id, folders, files }: Manifest,
  folder: string,
  step: (bytes: number) => void,
  abort: AbortSignal,
): Promise<void> {
  for (const path of folders) await mkdir(join(folder, path), { recursive: true, mode: 0o700 })
  await atOnce(AT_ONCE, files, async ([path, bytes, , sha256]) => {
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
    const { through, result } = measure()
    const to = createWriteStream(join(folder, path), { mode: 0o600 })
    const content = storage.get(fileName(id, path))
    await pipeline(content, through, createGunzip(), to, { signal: abort }).catch((error: Error) => {
      abort.throwIfAborted()
      throw new Error(`${path} of backup ${id} cannot be unpacked: ${error.message}`)
    })
    if (result().sha256 !== sha256)
      throw new Error(`${path} of backup ${id} was changed: its checksum is another`)
    step(bytes)
  })
}

async function fetchWal(storage: Storage, name: string, segmentBytes: number, folder: string): Promise<void> {
  const file = await open(join(folder, name), 'w', 0o600)
  try {
    await readWal(storage, name, segmentBytes, async (part) => {
      await file.writeFile(part)
    })
  } finally {
    await file.close()
  }
}
