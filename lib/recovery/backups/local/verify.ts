import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { findIds, takeInventory } from '@/lib/recovery/backups/local/inventory'
import { BACKUPS, fileName, type Manifest, readManifest } from '@/lib/recovery/backups/local/manifest'
import { readWal } from '@/lib/recovery/backups/local/read-wal'
import { measure, type Storage } from '@/lib/recovery/backups/local/storage'
import { ARCHIVE, MEND_WAL, type Progress, ProviderError } from '@/lib/recovery/backups/provider'

const BACK_UP_ANEW = 'Back up now, and restore from another backup or the other repository meanwhile.'

/** Reads everything and compares it with its checksums. @returns what is wrong, by the backup's id; sound ones with none */
export async function verifyStorage(
  storage: Storage,
  progress: Progress,
  abort: AbortSignal,
): Promise<Map<string, BackupProblem[]>> {
  const found = new Map<string, BackupProblem[]>([[ARCHIVE, []]])
  const inventory = await takeInventory(storage)
  const total = inventory.storedBytes
  let done = 0
  const step = (bytes: number) => {
    abort.throwIfAborted()
    done += bytes
    progress(done, total)
  }
  for (const id of findIds(await storage.list(BACKUPS))) {
    found.set(id, [])
    const add = (what: string) => found.get(id)?.push({ what, action: BACK_UP_ANEW })
    const manifest = await readManifest(storage, id).catch((error: Error) => {
      if (error instanceof ProviderError) throw error
      add(`Backup ${id}: ${error.message}`)
    })
    if (typeof manifest !== 'object') continue
    for (const file of manifest.files) {
      const fault = await findFault(storage, id, file)
      if (fault) add(`Backup ${id}: ${file[0]} ${fault}`)
      step(file[2])
    }
  }
  for (const { name, bytes } of inventory.wal) {
    await readWal(storage, name, inventory.segmentBytes).catch((error: Error) => {
      if (error instanceof ProviderError) throw error
      found.get(ARCHIVE)?.push({ what: error.message, action: MEND_WAL })
    })
    step(bytes)
  }
  return found
}

async function findFault(
  storage: Storage,
  id: string,
  [path, , stored, sha256]: Manifest['files'][number],
): Promise<string | null> {
  const { through, result } = measure()
  const content = storage.get(fileName(id, path))
  content.once('error', (error) => through.destroy(error))
  content.pipe(through).resume()
  try {
    await new Promise<void>((resolve, reject) => {
      through.once('end', resolve)
      through.once('error', reject)
    })
  } catch (error) {
    // What cannot be asked is not damaged.
    if (error instanceof ProviderError) throw error
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'is missing'
      : `cannot be read: ${(error as Error).message}`
  }
  const found = result()
  if (found.bytes !== stored) return `has ${found.bytes} bytes instead of ${stored}`
  return found.sha256 === sha256 ? null : 'was changed: its checksum is another'
}
