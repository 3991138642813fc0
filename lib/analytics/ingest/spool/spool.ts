import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { countFailed } from '@/lib/analytics/ingest/failures'
import { type Line, type Position, Segments } from '@/lib/analytics/ingest/spool/segments'
import { type Batch, isUnstorable, storeGroup } from '@/lib/analytics/ingest/store'
import { followLeader } from '@/lib/database'
import { env } from '@/lib/env'
import { errorCode } from '@/lib/http/database-problem'
import { takeLock } from '@/lib/lock'
import { log } from '@/lib/log'
import { replaceFile } from '@/lib/replace-file'
import { singleton } from '@/lib/singleton'

/** Bytes of the spool that are stored in one group: some 2,000 records, and fewer when they took too long. */
const GROUP_BYTES = 1_000_000
const LEAST_BYTES = 10_000
const RETRY_MS = 250
/** A leader that answers stores the last group within this; for one that does not, nobody waits longer. */
const HANDOVER_MS = 100
/** Processes on one data folder, each with a spool of its own, at the most. */
const PROCESSES = 64

export interface SpoolState {
  /** Batches, as requests brought them, that wait for a leader. */
  batches: number
  records: number
  bytes: number
  /** ISO; since when the oldest waits. */
  oldestAt: string | null
  /** Records that PostgreSQL refused as they were drained: they are in the file `refused.ndjson`. */
  refused: number
}

/**
 * Where records are kept while no leader takes writes: on this machine's disk, fsynced before they are acknowledged. They
 * are stored in their order when there is a leader again; what was stored and not yet forgotten here when a process died
 * is stored a second time, and is a duplicate then.
 */
export class Spool {
  private readonly segments: Segments
  private done: Position
  private draining = false
  private waiting = { batches: 0, records: 0 }
  private oldestAt: string | null = null
  private refused = 0
  /** While the last of what waits is being stored. */
  private handover: Promise<void> | undefined

  /** @param folder this process's own */
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {
    this.segments = new Segments(folder)
    this.done = this.readPosition()
    this.count()
    if (this.inUse) void this.drain()
  }

  /** Whether anything waits: what comes now has to wait behind it. */
  get inUse(): boolean {
    return this.waiting.batches > 0
  }

  /** The same, once it is known: a steady stream would else be set aside for ever, always behind the last that waits. */
  async isAhead(): Promise<boolean> {
    if (this.handover) await Promise.race([this.handover, sleep(HANDOVER_MS)])
    return this.inUse
  }

  get state(): SpoolState {
    return { ...this.waiting, bytes: this.segments.bytes, oldestAt: this.oldestAt, refused: this.refused }
  }

  /** Keeps batches; resolves when they are on disk. @throws Error when the spool or the disk is full: nothing is kept */
  async append(batches: Batch[]): Promise<void> {
    const lines = batches.map(({ projectId, rows, bots }) => JSON.stringify({ projectId, rows, bots }))
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
    if (this.segments.bytes + bytes > this.maxBytes) throw new Error('the spool is full')
    const records = batches.reduce((sum, { rows }) => sum + rows.length, 0)
    // Counted first, so that a drain that ends meanwhile does not take the spool for empty.
    this.add(batches.length, records)
    try {
      await this.segments.append(lines)
    } catch (error) {
      this.add(-batches.length, -records)
      throw error
    }
    this.oldestAt ??= new Date().toISOString()
    if (!this.draining) {
      log('warn', 'no leader takes writes: records wait in the spool', { folder: this.folder })
      void this.drain()
    }
  }

  /** Stores what waits, in its order, until nothing is left. */
  private async drain(): Promise<void> {
    this.draining = true
    let bytes = GROUP_BYTES
    while (this.inUse) {
      const lines = this.segments.read(this.done, bytes)
      if (lines.length === 0) {
        // An append is on its way to the disk.
        await sleep(5)
        continue
      }
      const stored = this.storeLines(lines)
      if (lines.length === this.waiting.batches) this.handover = stored.catch(() => {})
      try {
        await stored
        bytes = GROUP_BYTES
      } catch (error) {
        bytes = Math.max(LEAST_BYTES, bytes / 2)
        log('info', 'the spool waits for a leader', {
          code: errorCode(error) ?? 'no answer',
          ...this.waiting,
        })
        void followLeader()
        await sleep(RETRY_MS)
      } finally {
        this.handover = undefined
      }
    }
    this.draining = false
    log('info', 'the spool is drained', { refused: this.refused })
  }

  private async storeLines(lines: Line[]): Promise<void> {
    const group = lines.map(({ text, whole }) => (whole ? (JSON.parse(text) as Batch) : undefined))
    await this.store(group.filter((batch) => batch !== undefined))
    for (const { text, whole } of lines) if (!whole) this.refuse(text, 'it is damaged')
    this.forget(lines.at(-1)?.end ?? this.done, group)
  }

  /** Stores a group; of one that holds a bad value each batch alone, so that the others are stored. */
  private async store(group: Batch[]): Promise<void> {
    try {
      if (group.length > 0) await storeGroup(group)
    } catch (error) {
      const [first, ...others] = group
      if (!isUnstorable(error) || !first) throw error
      if (others.length > 0) for (const batch of group) await this.store([batch])
      else await this.storeRows(first, error)
    }
  }

  private async storeRows({ projectId, rows }: Batch, error: unknown): Promise<void> {
    const [row] = rows
    if (rows.length === 1 && row) this.refuse(JSON.stringify(row), (error as Error).message)
    else for (const one of rows) await this.store([{ projectId, rows: [one], bots: 0 }])
  }

  private refuse(text: string, reason: string): void {
    // Why it was refused may quote it: that stands beside it alone.
    log('error', 'a record of the spool cannot be stored', { folder: this.folder })
    appendFileSync(join(this.folder, 'refused.ndjson'), `${JSON.stringify({ reason, text })}\n`, {
      mode: 0o600,
    })
    // Once it is kept: on a full disk it is tried again.
    this.refused += 1
    countFailed(1)
  }

  /** Only a help: what is read again after a crash is a duplicate. */
  private forget(end: Position, group: (Batch | undefined)[]): void {
    this.add(-group.length, -group.reduce((sum, batch) => sum + (batch?.rows.length ?? 0), 0))
    // An append that is on its way is counted already.
    this.done = this.inUse ? end : this.segments.clear()
    if (!this.inUse) this.oldestAt = null
    this.segments.deleteBefore(this.done)
    try {
      replaceFile(join(this.folder, 'position.json'), JSON.stringify(this.done))
    } catch (error) {
      // On a full disk it is draining that makes room.
      log('warn', 'how far the spool is drained was not written', { folder: this.folder, error })
    }
  }

  private add(batches: number, records: number): void {
    this.waiting = { batches: this.waiting.batches + batches, records: this.waiting.records + records }
  }

  /** What an earlier process left. */
  private count(): void {
    for (let at = this.done; ; ) {
      const lines = this.segments.read(at, GROUP_BYTES)
      for (const { text, whole } of lines) this.add(1, whole ? (JSON.parse(text) as Batch).rows.length : 0)
      const end = lines.at(-1)?.end
      if (!end) break
      at = end
    }
    if (this.inUse) this.oldestAt = new Date().toISOString()
  }

  private readPosition(): Position {
    const { start, end } = this.segments
    try {
      const at = JSON.parse(readFileSync(join(this.folder, 'position.json'), 'utf8')) as Position
      const isInside = at.segment > start.segment || at.segment === start.segment
      const isBefore = at.segment < end.segment || (at.segment === end.segment && at.offset <= end.offset)
      return isInside && isBefore ? at : start
    } catch {
      return start
    }
  }
}

/** This process's spool; undefined where HOLDFAST_DATA_DIR names no folder for it. What another left behind is its own. */
export const spool = (): Spool | undefined =>
  singleton('ingest.spool', () => {
    const { HOLDFAST_DATA_DIR: dataDir, HOLDFAST_SPOOL_MAX_BYTES: maxBytes } = env()
    if (!dataDir) return undefined
    for (let index = 0; index < PROCESSES; index++) {
      const folder = join(dataDir, 'spool', String(index))
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if ('release' in takeLock(join(folder, 'lock'), 'spool')) return new Spool(folder, maxBytes)
    }
    throw new Error(`${PROCESSES} processes have a spool in ${dataDir}`)
  })
