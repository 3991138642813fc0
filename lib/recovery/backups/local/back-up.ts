import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { startBaseBackup, stopBaseBackup } from '@/db/queries/recovery/base-backup'
import { atOnce } from '@/lib/at-once'
import { CONTROL_FILE, ifGone, listDataFiles } from '@/lib/postgres/data-files'
import { parseLsn } from '@/lib/recovery/backups/archive'
import { fileName, type Manifest, manifestName, writeManifest } from '@/lib/recovery/backups/local/manifest'
import { openSource, type Source } from '@/lib/recovery/backups/local/source'
import { measure, type Storage } from '@/lib/recovery/backups/local/storage'
import type { Progress } from '@/lib/recovery/backups/provider'

/** Files that are copied at a time: compression runs in threads, and the disk waits for none of them. */
const AT_ONCE = 4

/** `20261126T181500Z-full`: they sort by time. */
export const newBackupId = (kind: Manifest['kind'], at = new Date()): string =>
  `${at.toISOString().replace(/[-:]|\.\d+/g, '')}-${kind}`

/**
 * A full backup by the low-level API, from a standby if there is one. It counts only when its manifest is there, which is
 * written after everything else is on disk.
 */
export async function copyCluster(
  storage: Storage,
  progress: Progress,
  abort: AbortSignal,
): Promise<Manifest> {
  const source = await openSource(abort)
  const startedAt = new Date()
  const id = newBackupId('full', startedAt)
  try {
    await startBaseBackup(source.connection.db, `holdfast ${id}`)
    const { folders, files } = await listDataFiles(source.folder)
    const copied = await copyFiles(storage, id, source, files, progress, abort)
    const end = await stopBaseBackup(source.connection.db)
    for (const [path, content] of [
      ['backup_label', end.label],
      ['tablespace_map', end.tablespaces],
    ] as const) {
      if (content) copied.push(await copyOne(storage, id, path, Readable.from([Buffer.from(content)]), abort))
    }
    const manifest: Manifest = {
      version: 1,
      id,
      kind: 'full',
      base: null,
      systemIdentifier: source.systemIdentifier,
      postgres: source.postgres,
      segmentBytes: source.segmentBytes,
      member: source.member,
      startedAt: startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      ...readLabel(end.label),
      stopLsn: Number(end.stopLsn),
      sizeBytes: sum(copied, 1),
      storedBytes: sum(copied, 2),
      folders,
      files: copied,
    }
    await storage.flush()
    await putManifest(storage, manifest)
    return manifest
  } catch (error) {
    await storage.remove(`backups/${id}`).catch(() => {})
    throw error
  } finally {
    // Ends a backup that was not ended: it belongs to its session.
    await source.connection.close()
  }
}

/** Makes a backup count. */
export async function putManifest(storage: Storage, manifest: Manifest): Promise<void> {
  await storage.put(manifestName(manifest.id), Readable.from([Buffer.from(writeManifest(manifest))]))
}

async function copyFiles(
  storage: Storage,
  id: string,
  { folder }: Source,
  files: string[],
  progress: Progress,
  abort: AbortSignal,
): Promise<Manifest['files']> {
  const sizes = await Promise.all(files.map((file) => stat(join(folder, file)).catch(ifGone(null))))
  const total = sizes.reduce((all, info) => all + (info?.size ?? 0), 0)
  const copied: Manifest['files'] = []
  let done = 0
  const copy = async (file: string) => {
    abort.throwIfAborted()
    const one = await copyOne(storage, id, file, createReadStream(join(folder, file)), abort).catch(
      ifGone(null),
    )
    if (!one) return
    copied.push(one)
    done += one[1]
    progress(done, total)
  }
  await atOnce(
    AT_ONCE,
    files.filter((file) => file !== CONTROL_FILE),
    copy,
  )
  // Last: not older than anything else.
  await copy(CONTROL_FILE)
  return copied
}

async function copyOne(
  storage: Storage,
  id: string,
  path: string,
  content: Readable,
  abort: AbortSignal,
): Promise<Manifest['files'][number]> {
  const raw = measure()
  const packed = createGzip({ level: 1 })
  // A fault of any of them ends the last, which is what is waited for.
  content.once('error', (error) => packed.destroy(error))
  content.pipe(raw.through).pipe(packed)
  try {
    const stored = await storage.put(fileName(id, path), packed, { later: true, abort })
    return [path, raw.result().bytes, stored.bytes, stored.sha256]
  } finally {
    content.destroy()
  }
}

/** Where recovery begins, of the file that PostgreSQL wants back as `backup_label`. */
function readLabel(label: string): { startLsn: number; timeline: number } {
  const lsn = /^START WAL LOCATION: ([0-9A-F]+\/[0-9A-F]+)/m.exec(label)?.[1]
  const timeline = /^START TIMELINE: (\d+)/m.exec(label)?.[1]
  if (!lsn || !timeline) throw new Error('PostgreSQL’s backup label does not say where recovery begins.')
  return { startLsn: parseLsn(lsn), timeline: Number(timeline) }
}

const sum = (files: Manifest['files'], at: 1 | 2): number => files.reduce((all, file) => all + file[at], 0)
