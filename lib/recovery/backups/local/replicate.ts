import { pipeline } from 'node:stream/promises'
import { atOnce } from '@/lib/at-once'
import { parseSegment } from '@/lib/recovery/backups/archive'
import { SEGMENT_BYTES, WAL } from '@/lib/recovery/backups/local/inventory'
import {
  BACKUPS,
  fileName,
  type Manifest,
  manifestName,
  readManifest,
  recordName,
} from '@/lib/recovery/backups/local/manifest'
import { readWal } from '@/lib/recovery/backups/local/read-wal'
import { measure, type PutOptions, type Storage, type Stored } from '@/lib/recovery/backups/local/storage'
import type { Progress } from '@/lib/recovery/backups/provider'

/** Files of a backup that are copied at a time: another machine answers each after a while. */
const AT_ONCE = 4

/** What one repository has and another has not yet. */
export interface Behind {
  files: number
  bytes: number
}

/** What is wrong with an object of the first repository: the others are copied all the same. */
class Damaged extends Error {}

/**
 * Copies what the second repository lacks, WAL first: it is what a lost site would miss most. Each copy is read back and
 * compared. What is damaged in the first is not copied: that is thrown after everything else was.
 */
export async function replicateStorage(
  from: Storage,
  to: Storage,
  progress: Progress,
  abort: AbortSignal,
): Promise<Behind> {
  const { wal, backups, segmentBytes } = await findLacking(from, to)
  const total = sumOf([...wal, ...backups.flatMap(({ objects }) => objects)])
  const faults: string[] = []
  let done = 0
  const copied = async (object: Stored, work: () => Promise<void>): Promise<void> => {
    abort.throwIfAborted()
    await work()
    done += object.bytes
    progress(done, total)
  }
  for (const object of wal) {
    const name = object.name.slice(WAL.length + 1).replace(/\.gz$/, '')
    await copied(object, async () => {
      await readWal(from, name, segmentBytes).catch((error: Error) => faults.push(error.message))
      if (!faults.some((fault) => fault.includes(name))) await copy(from, to, object.name, { abort })
    })
  }
  for (const { id, own, objects } of backups) {
    try {
      const { files } = await readManifest(from, id)
      const there = sizesOf(own)
      if (files.some(([path]) => !there.has(fileName(id, path))))
        throw new Damaged(`backup ${id} of the first repository is not whole`)
      const hashes = new Map(files.map(([path, , , sha256]) => [fileName(id, path), sha256]))
      const isLast = ({ name }: Stored) => name === manifestName(id)
      await atOnce(
        AT_ONCE,
        objects.filter((object) => !isLast(object)),
        (object) =>
          copied(object, () => copy(from, to, object.name, { abort, later: true }, hashes.get(object.name))),
      )
      // One sync of all before what makes them a backup, instead of one for each of a thousand files.
      await to.flush()
      await checkCopies(to, id, own)
      for (const manifest of objects.filter(isLast))
        await copied(manifest, () => copy(from, to, manifest.name, { abort }))
    } catch (error) {
      // A storage that is away or full ends it: the rest would fail as well.
      if (!(error instanceof Damaged)) throw error
      faults.push(error.message)
    }
  }
  if (faults.length > 0) throw new Error(faults.slice(0, 3).join('; '))
  return { files: wal.length + backups.flatMap(({ objects }) => objects).length, bytes: total }
}

/** WAL that a backup needs, and whole backups; the manifest of each last: without it a copy is no backup. */
async function findLacking(from: Storage, to: Storage) {
  const [wal, otherWal] = await Promise.all([from.list(WAL), to.list(WAL)])
  const there = sizesOf(otherWal)
  const manifests = await readManifests(from)
  const segmentBytes = manifests[0]?.segmentBytes ?? SEGMENT_BYTES
  const oldest = Math.min(...manifests.map(({ startLsn }) => Math.floor(startLsn / segmentBytes)))
  const needed = ({ name }: Stored) => {
    const segment = parseSegment(name.slice(WAL.length + 1).replace(/\.gz$/, ''), segmentBytes)
    return !segment || manifests.length === 0 || segment.number >= oldest
  }
  const backups = await Promise.all(manifests.map(({ id }) => findLackingOf(from, to, id)))
  return {
    segmentBytes,
    wal: wal
      .filter((object) => there.get(object.name) !== object.bytes && needed(object))
      .sort((a, b) => a.name.localeCompare(b.name)),
    backups: backups.filter(({ objects }) => objects.length > 0),
  }
}

async function readManifests(storage: Storage): Promise<Manifest[]> {
  const ids = await storage.names(BACKUPS)
  const read = await Promise.all(ids.map((id) => readManifest(storage, id).catch(() => null)))
  return read.filter((manifest) => manifest !== null)
}

/** Of a backup whose manifest is there, everything is: a listing of all its files would be for nothing. */
async function findLackingOf(from: Storage, to: Storage, id: string): Promise<LackingBackup> {
  const ends = [manifestName(id), recordName(id)]
  const [own, other] = await Promise.all(
    [from, to].map((storage) => Promise.all(ends.map((name) => storage.find(name)))),
  )
  if (own?.every((object, index) => object?.bytes === other?.[index]?.bytes))
    return { id, own: [], objects: [] }
  const there = sizesOf(await to.list(`${BACKUPS}/${id}`))
  const all = await from.list(`${BACKUPS}/${id}`)
  return { id, own: all, objects: all.filter(({ name, bytes }) => there.get(name) !== bytes) }
}

interface LackingBackup {
  id: string
  /** All that the first repository has of it. */
  own: Stored[]
  /** What the second lacks. */
  objects: Stored[]
}

const sizesOf = (objects: Stored[]): Map<string, number> =>
  new Map(objects.map(({ name, bytes }) => [name, bytes]))

/** Makes sure that nothing has let go of a half-made copy meanwhile, as another process's expiry does. @throws Error */
async function checkCopies(to: Storage, id: string, own: Stored[]): Promise<void> {
  const there = sizesOf(await to.list(`${BACKUPS}/${id}`))
  if (own.some(({ name, bytes }) => name !== manifestName(id) && there.get(name) !== bytes))
    throw new Error(`copies of backup ${id} went from ${to.location} meanwhile: they are made again`)
}

/** Copies an object and reads the copy back. @throws Damaged when it is not what its manifest says */
async function copy(
  from: Storage,
  to: Storage,
  name: string,
  options: PutOptions,
  wanted?: string,
): Promise<void> {
  const { sha256 } = await to.put(name, from.get(name), options)
  if (wanted !== undefined && sha256 !== wanted) {
    await to.remove(name)
    throw new Damaged(`${name} of the first repository was changed: its checksum is another`)
  }
  const { through, result } = measure()
  await pipeline(to.get(name), through.resume(), { signal: options.abort })
  if (result().sha256 !== sha256) {
    await to.remove(name)
    throw new Error(`the copy of ${name} in ${to.location} is not what was written there`)
  }
}

const sumOf = (objects: Stored[]): number => objects.reduce((sum, { bytes }) => sum + bytes, 0)
