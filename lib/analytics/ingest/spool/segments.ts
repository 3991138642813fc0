import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'

/** A file is left for the next one beyond this many bytes. */
const SEGMENT_BYTES = 16 * 2 ** 20

/** A place in the spool: the end of a line. */
export interface Position {
  segment: number
  offset: number
}

/** A line, where it ends, and whether it is what was written. */
export interface Line {
  text: string
  whole: boolean
  end: Position
}

/**
 * Lines of text in numbered files of a folder, each with a checksum: `<16 hex digits> <text>`. A line is durable when
 * `append` resolves. What a crash left half written at the very end was never told to anyone, and is cut off.
 */
export class Segments {
  private file: FileHandle | undefined
  private last: number
  private size: number

  constructor(private readonly folder: string) {
    const numbers = this.list()
    this.last = numbers.at(-1) ?? 1
    this.size = 0
    if (numbers.length > 0) this.size = this.cutTorn(this.last)
  }

  /** Bytes in all files. */
  get bytes(): number {
    return this.list().reduce(
      (sum, number) => sum + (statSync(this.path(number), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
  }

  /** The end of the last line. */
  get end(): Position {
    return { segment: this.last, offset: this.size }
  }

  /** The start of the first line that is kept. */
  get start(): Position {
    return { segment: this.list()[0] ?? this.last, offset: 0 }
  }

  /** Adds lines with one write and one fsync; either all of them or none. @throws Error such as ENOSPC */
  async append(texts: string[]): Promise<number> {
    const file = await this.openLast()
    const content = Buffer.from(texts.map((text) => `${checksum(text)} ${text}\n`).join(''))
    try {
      const { bytesWritten } = await file.write(content, 0, content.length, this.size)
      if (bytesWritten < content.length)
        throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
      await file.datasync()
    } catch (error) {
      await file.truncate(this.size).catch(() => {})
      throw error
    }
    this.size += content.length
    return content.length
  }

  /** Lines from a position on, of one file, up to so many bytes, but one line at least; none at the end. */
  read(from: Position, bytes: number): Line[] {
    const { segment, offset } = from
    const content = existsSync(this.path(segment)) ? readFileSync(this.path(segment)) : Buffer.alloc(0)
    const limit = segment === this.last ? this.size : content.length
    if (offset >= limit)
      return segment < this.last ? this.read({ segment: segment + 1, offset: 0 }, bytes) : []
    const lines: Line[] = []
    for (let at = offset; at < limit && (lines.length === 0 || at - offset < bytes); ) {
      const newline = content.indexOf('\n', at)
      const end = newline < 0 ? limit : newline + 1
      lines.push({
        ...parse(content.toString('utf8', at, newline < 0 ? limit : newline)),
        end: { segment, offset: end },
      })
      at = end
    }
    return lines
  }

  /** Deletes the files before the one of a position. */
  deleteBefore({ segment }: Position): void {
    for (const number of this.list()) if (number < segment) rmSync(this.path(number), { force: true })
  }

  /** Deletes everything, while no append is on its way. @returns where the next line will begin */
  clear(): Position {
    const { file } = this
    this.file = undefined
    this.last += 1
    this.size = 0
    this.deleteBefore(this.end)
    void file?.close()
    return this.end
  }

  async close(): Promise<void> {
    await this.file?.close()
    this.file = undefined
  }

  private async openLast(): Promise<FileHandle> {
    if (this.size > SEGMENT_BYTES) {
      await this.close()
      this.last += 1
      this.size = 0
    }
    if (!this.file) {
      this.file = await open(this.path(this.last), this.size === 0 ? 'w' : 'r+', 0o600)
      syncFolder(this.folder)
    }
    return this.file
  }

  private list(): number[] {
    return readdirSync(this.folder)
      .map((name) => /^(\d+)\.ndjson$/.exec(name)?.[1])
      .filter((number) => number !== undefined)
      .map(Number)
      .sort((a, b) => a - b)
  }

  private cutTorn(segment: number): number {
    const content = readFileSync(this.path(segment))
    let size = content.length
    while (size > 0) {
      const begin = content.lastIndexOf('\n', size - 2) + 1
      if (content[size - 1] === 10 && parse(content.toString('utf8', begin, size - 1)).whole) break
      size = begin
    }
    if (size < content.length) truncateSync(this.path(segment), size)
    return size
  }

  private path(segment: number): string {
    return join(this.folder, `${String(segment).padStart(8, '0')}.ndjson`)
  }
}

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

function parse(line: string): { text: string; whole: boolean } {
  const text = line.slice(17)
  return { text, whole: line[16] === ' ' && checksum(text) === line.slice(0, 16) }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
