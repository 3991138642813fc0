import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { syncFolder } from '@/lib/durable'
import { rest } from '@/lib/give-way'
import { ifGone } from '@/lib/postgres/data-files'
import { run } from '@/lib/postgres/run'

/** An object of a repository, by its name, such as `wal/000000010000000000000001.gz`. */
export interface Stored {
  name: string
  bytes: number
  /** When it was put there, in milliseconds since 1970. */
  at: number
}

/** Where a repository keeps its objects. An object is there whole or not at all. */
export interface Storage {
  location: string
  /** All objects below a folder. @throws Error when the storage cannot be reached */
  list(folder: string): Promise<Stored[]>
  /** The names right below a folder, of folders and objects. @throws Error when the storage cannot be reached */
  names(folder: string): Promise<string[]>
  /** One object; null if it is not there. */
  find(name: string): Promise<Stored | null>
  /** Keeps an object, durably unless `later`: then a `flush` has to follow. @returns its size and SHA-256 */
  put(name: string, content: Readable, options?: PutOptions): Promise<{ bytes: number; sha256: string }>
  get(name: string): Readable
  /** Removes an object, or all in a folder; fine if there is none. */
  remove(name: string): Promise<void>
  /** Makes durable what was put for later. */
  flush(): Promise<void>
  /** Removes what puts that were cut off have left, and no listing shows. */
  tidy(): Promise<void>
}

/** Written before the disk is waited for. */
const PACE_BYTES = 8 * 1024 * 1024

/** What a put that never ended has left goes after a day: until then it may still be going on. In milliseconds. */
export const UNFINISHED_MS = 86_400_000

export interface PutOptions {
  later?: boolean
  abort?: AbortSignal
}

/** Half of an object has a name that nobody lists: that of the process which puts it comes first. */
const TEMPORARY = /^\.\d+\./

/** A storage in a folder, of this machine's disk or one that is mounted. */
export function folderStorage(location: string): Storage {
  const pathOf = (name: string) => join(location, name)
  // Without the folder itself the storage is away; without the one below it is only empty.
  const reach = async () => {
    await stat(location).catch((error: Error) => {
      throw new Error(`${location} cannot be reached: ${error.message}`)
    })
  }
  return {
    location,
    async list(folder) {
      await reach()
      const found: Stored[] = []
      const names = await readdir(pathOf(folder), { recursive: true, withFileTypes: true }).catch(ifGone([]))
      for (const entry of names) {
        if (!entry.isFile() || entry.name.startsWith('.')) continue
        const path = join(entry.parentPath, entry.name)
        const info = await stat(path).catch(ifGone(null))
        if (info) found.push({ name: path.slice(location.length + 1), bytes: info.size, at: info.mtimeMs })
      }
      return found
    },
    async names(folder) {
      await reach()
      const names = await readdir(pathOf(folder)).catch(ifGone([]))
      return names.filter((name) => !name.startsWith('.'))
    },
    async find(name) {
      const info = await stat(pathOf(name)).catch(ifGone(null))
      return info && { name, bytes: info.size, at: info.mtimeMs }
    },
    async put(name, content, { later, abort } = {}) {
      const path = pathOf(name)
      await reach()
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const temporary = join(dirname(path), `.${process.pid}.${path.slice(dirname(path).length + 1)}`)
      const { through, result } = measure()
      try {
        const file = await open(temporary, 'w', 0o600)
        try {
          const to = createWriteStream(temporary, { flags: 'r+' })
          await pipeline(content, through, paced(file), to, { signal: abort })
          if (!later) await file.sync()
        } finally {
          await file.close()
        }
        await rename(temporary, path)
        if (!later) await syncFolder(dirname(path))
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {})
        throw error
      }
      return result()
    },
    get: (name) => createReadStream(pathOf(name)),
    remove: (name) => rm(pathOf(name), { recursive: true, force: true }),
    flush: () => syncAll(location),
    async tidy() {
      for (const entry of await readdir(location, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !TEMPORARY.test(entry.name)) continue
        const path = join(entry.parentPath, entry.name)
        const info = await stat(path).catch(ifGone(null))
        if (info && info.mtimeMs < Date.now() - UNFINISHED_MS) await rm(path, { force: true })
      }
    },
  }
}

/** Counts and hashes what flows through. */
export function measure(): { through: Transform; result(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256')
  let bytes = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return { through, result: () => ({ bytes, sha256: hash.digest('hex') }) }
}

/**
 * Has what flows into a file go to the disk as it comes, with pauses in between. All of it at the end would keep the disk for
 * seconds, in which no commit of PostgreSQL's is durable.
 */
function paced(file: FileHandle): Transform {
  let waiting = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting += chunk.length
      const due = waiting >= PACE_BYTES
      if (due) waiting = 0
      Promise.all([due && file.datasync(), rest(due)]).then(() => done(null, chunk), done)
    },
  })
}

/** One sync of the file system instead of one for each of a thousand files, where there is such a thing. */
async function syncAll(location: string): Promise<void> {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, namespace: false }
  await run(own, 'sync', process.platform === 'linux' ? ['--file-system', location] : [])
}
