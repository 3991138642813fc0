import { createReadStream, existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ImportError } from './fail'

const NEWLINE = 0x0a

/** The first line of a log, and the log with it. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ first: string; bytes: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  for (let next = await source.next(); !next.done; next = await source.next()) {
    read.push(next.value)
    if (next.value.includes(NEWLINE)) break
  }
  const head = Buffer.concat(read)
  const end = head.indexOf(NEWLINE)
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  return { first: head.subarray(0, end < 0 ? head.length : end).toString('utf8'), bytes: whole() }
}

export interface OpenLog {
  /** The log, uncompressed. */
  bytes: AsyncIterable<Uint8Array>
  /** Bytes of the file that were read so far, compressed where it is. */
  readBytes: number
  /** Bytes of the file; undefined for standard input. */
  size?: number
}

/**
 * Opens a log; gzip is known by its first two bytes, whatever the file's name.
 *
 * @param file a path, from where the command was given; `-` is standard input
 * @throws ImportError where there is no such file
 */
export function openLog(file: string, input: Readable = process.stdin): OpenLog {
  if (file === '-') return opened(input)
  const path = findFile(file)
  return opened(createReadStream(path, { highWaterMark: 256 * 1024 }), statSync(path).size)
}

// npm runs scripts in the project's folder and says in INIT_CWD where its user is.
function findFile(file: string): string {
  const places = [process.env.INIT_CWD, process.cwd()].filter((place) => place !== undefined)
  const path = places.map((place) => resolve(place, file)).find((candidate) => existsSync(candidate))
  if (path === undefined) throw new ImportError(`there is no file ${file}`)
  if (statSync(path).isDirectory()) throw new ImportError(`${file} is a folder`)
  return path
}

function opened(source: Readable, size?: number): OpenLog {
  const log: OpenLog = { bytes: uncompressed(counted()), readBytes: 0, ...(size !== undefined && { size }) }
  async function* counted(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of source) {
        log.readBytes += chunk.length
        yield chunk
      }
    } catch (error) {
      throw new ImportError(`the log cannot be read (${error instanceof Error ? error.message : error})`)
    }
  }
  return log
}

/** The bytes as they are, or out of gzip (of any number of members: rotated logs may be joined). */
export async function* uncompressed(source: AsyncGenerator<Buffer>): AsyncGenerator<Uint8Array> {
  const start: Buffer[] = []
  let length = 0
  while (length < 2) {
    const next = await source.next()
    if (next.done) break
    start.push(next.value)
    length += next.value.length
  }
  const head = Buffer.concat(start)
  async function* whole(): AsyncGenerator<Buffer> {
    yield head
    yield* source
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) yield* whole()
  else yield* gunzip(whole())
}

async function* gunzip(source: AsyncGenerator<Buffer>): AsyncGenerator<Uint8Array> {
  try {
    // The iterator throws what the pipeline fails with; the callback keeps it from being thrown twice.
    yield* pipeline(Readable.from(source), createGunzip({ chunkSize: 256 * 1024 }), () => {})
  } catch (error) {
    if (error instanceof ImportError) throw error
    throw new ImportError(`the gzip stream is broken (${error instanceof Error ? error.message : error})`)
  }
}
