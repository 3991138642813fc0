import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { BackupProblem } from '@/lib/recovery/backups/contract'
import {
  BACKUPS,
  fileName,
  type Manifest,
  manifestName,
  readManifest,
} from '@/lib/recovery/backups/local/manifest'
import type { Storage, Stored } from '@/lib/recovery/backups/local/storage'
import {
  type ArchivedFile,
  type Inventory,
  ProviderError,
  type StoredBackup,
} from '@/lib/recovery/backups/provider'

export const WAL = 'wal'
export const walName = (name: string): string => `${WAL}/${name}.gz`

/** PostgreSQL's own, unless a backup says otherwise. */
export const SEGMENT_BYTES = 16 * 2 ** 20

const BACK_UP_ANEW = 'Back up now. Keep what is left until the new backup was drilled.'

/** Everything in a repository, by its names, sizes and manifests. @throws Error when it cannot be reached */
export async function takeInventory(storage: Storage): Promise<Inventory> {
  const [objects, wal] = await Promise.all([storage.list(BACKUPS), storage.list(WAL)])
  const manifests = await Promise.all(findIds(objects).map((id) => look(storage, id, objects)))
  const segmentBytes = manifests.find(({ manifest }) => manifest)?.manifest?.segmentBytes ?? SEGMENT_BYTES
  const files = wal.map(({ name, bytes, at }) => ({
    name: name.slice(WAL.length + 1).replace(/\.gz$/, ''),
    bytes,
    at,
  }))
  const { histories, problems } = await readHistories(storage, files)
  return {
    backups: manifests.map(({ backup }) => backup),
    wal: files.filter(({ name }) => /^[0-9A-F]{24}$/.test(name)),
    histories,
    segmentBytes,
    storedBytes: [...objects, ...wal].reduce((sum, { bytes }) => sum + bytes, 0),
    problems,
  }
}

/** Ids of what has a manifest, whatever is in it. */
export const findIds = (objects: Stored[]): string[] =>
  objects
    .map(({ name }) => new RegExp(`^${BACKUPS}/([^/]+)/manifest\\.json$`).exec(name)?.[1])
    .filter((id) => id !== undefined)

async function look(
  storage: Storage,
  id: string,
  objects: Stored[],
): Promise<{ manifest: Manifest | null; backup: StoredBackup }> {
  try {
    const listed = objects.find(({ name }) => name === manifestName(id))
    const manifest = await readManifest(storage, id, listed)
    return { manifest, backup: toBackup(manifest, findMissing(manifest, objects)) }
  } catch (error) {
    // What cannot be asked is not damaged.
    if (error instanceof ProviderError) throw error
    const what = `Backup ${id} cannot be used: ${(error as Error).message}`
    return { manifest: null, backup: unreadable(id, { what, action: BACK_UP_ANEW }) }
  }
}

function findMissing(manifest: Manifest, objects: Stored[]): BackupProblem[] {
  const sizes = new Map(objects.map(({ name, bytes }) => [name, bytes]))
  const wrong = manifest.files.filter(([path, , stored]) => sizes.get(fileName(manifest.id, path)) !== stored)
  const [first] = wrong
  if (!first) return []
  const what = `${wrong.length} of the ${manifest.files.length} files of backup ${manifest.id} are missing or of another size, such as ${first[0]}`
  return [{ what, action: BACK_UP_ANEW }]
}

/** A manifest as all providers tell of a backup. */
export function toBackup(
  { version, systemIdentifier, postgres, segmentBytes, folders, files, ...backup }: Manifest,
  problems: BackupProblem[] = [],
): StoredBackup {
  return { ...backup, problems }
}

/** Of a backup whose manifest says nothing any more, its id still tells when it was made. */
function unreadable(id: string, problem: BackupProblem): StoredBackup {
  const [, year, month, day, hour, minute, second, kind] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(full|incremental)$/.exec(id) ?? []
  const at = year ? `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z` : new Date(0).toISOString()
  return {
    id,
    kind: kind === 'incremental' ? 'incremental' : 'full',
    base: null,
    startedAt: at,
    endedAt: at,
    member: null,
    timeline: 0,
    startLsn: 0,
    stopLsn: 0,
    sizeBytes: 0,
    storedBytes: 0,
    problems: [problem],
  }
}

async function readHistories(storage: Storage, files: ArchivedFile[]) {
  const histories = new Map<number, string>()
  const problems: BackupProblem[] = []
  for (const { name } of files) {
    const timeline = /^([0-9A-F]{8})\.history$/.exec(name)?.[1]
    if (!timeline) continue
    try {
      const content = gunzipSync(await buffer(storage.get(walName(name))))
      histories.set(Number.parseInt(timeline, 16), content.toString('utf8'))
    } catch (error) {
      if (error instanceof ProviderError) throw error
      problems.push({
        what: `The history of timeline ${Number.parseInt(timeline, 16)} cannot be read: ${walName(name)}`,
        action: 'Copy it from the other repository, or from pg_wal of a member.',
      })
    }
  }
  return { histories, problems }
}
