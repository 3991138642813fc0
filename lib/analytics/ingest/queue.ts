import type { Connection } from '@/db/connect'
import { addDropped } from '@/db/queries/analytics/dropped'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { type Fresh, insertRecords, type RecordRow, settleTimes } from '@/db/queries/analytics/insert-records'
import type { AnalyticsTable } from '@/db/schema'
import { followLeader, ingest, unreplicatedCommits } from '@/lib/database'
import { errorCode } from '@/lib/http/database-problem'
import { Problem, unavailable } from '@/lib/http/problem'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

/** What was stored of a request's records. */
export interface Stored {
  accepted: number
  duplicates: number
}

interface Waiting {
  rows: RecordRow[]
  bots: number
  projectId: string
  resolve(stored: Stored): void
  reject(error: unknown): void
}

/** Records that may wait; more are refused with 503, so that memory is bounded and a client hears soon. */
const CAPACITY = 20_000
/** Records in one statement at the most. */
const GROUP = 2_000
/** After this long without an answer the database counts as away, in milliseconds. */
const DEADLINE_MS = 5_000

const NO_PARTITION = '23514'

/**
 * Group commit: requests put their rows in a queue and wait; one writer takes what is there, writes it in one
 * statement, and answers all of them. The more requests at once, the fewer commits each costs.
 */
export class IngestQueue {
  private waiting: Waiting[] = []
  private size = 0
  private writing = false

  /**
   * Stores rows durably, or fails as a whole.
   *
   * @throws Problem 503 when the queue is full or no leader takes writes, 422 for what cannot be stored
   */
  store(projectId: string, rows: RecordRow[], bots = 0): Promise<Stored> {
    if (this.size + rows.length > CAPACITY) throw unavailable(new Error('the ingest queue is full'), 1)
    this.size += rows.length
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, bots, projectId, resolve, reject })
      if (!this.writing) this.write()
    })
  }

  private async write(): Promise<void> {
    this.writing = true
    // A turn of the event loop, so that requests that came in together are written together.
    await new Promise(setImmediate)
    while (this.waiting.length > 0) await this.writeGroup(this.takeGroup())
    this.writing = false
  }

  private takeGroup(): Waiting[] {
    let rows = 0
    let count = 0
    for (const item of this.waiting) {
      if (count > 0 && rows + item.rows.length > GROUP) break
      rows += item.rows.length
      count += 1
    }
    this.size -= rows
    return this.waiting.splice(0, count)
  }

  private async writeGroup(group: Waiting[]): Promise<void> {
    try {
      answer(group, await withDeadline(insertGroup(group)))
    } catch (error) {
      await this.failGroup(group, error)
    }
  }

  /** A value that PostgreSQL refuses fails its whole statement: find whose it is, so that the others are stored. */
  private async failGroup(group: Waiting[], error: unknown): Promise<void> {
    const badValue = errorCode(error)?.startsWith('22') ?? false
    if (badValue && group.length > 1) {
      for (const item of group) await this.writeGroup([item])
      return
    }
    if (!badValue) followLeader()
    log('error', 'records were not stored', { requests: group.length, error })
    const problem = badValue
      ? new Problem(422, 'A value of these records cannot be stored.', { cause: error })
      : unavailable(error)
    for (const item of group) item.reject(problem)
  }
}

/** Inserts all rows of a group, one statement a table, and counts its bots' records. Returns the rows already there. */
async function insertGroup(group: Waiting[]): Promise<Set<RecordRow>> {
  const connection = ingest()
  const bots = group.filter((item) => item.bots > 0)
  if (bots.length > 0) await addDropped(connection.db, bots)
  const unreplicated = unreplicatedCommits()
  const duplicates = await Promise.all(
    [...byTable(group)].map(([table, rows]) => insertRows(connection, table, rows)),
  )
  if (unreplicatedCommits() > unreplicated) throw new Error('committed, but not replicated')
  return new Set(duplicates.flat())
}

function byTable(group: Waiting[]): Map<AnalyticsTable, RecordRow[]> {
  const tables = new Map<AnalyticsTable, RecordRow[]>()
  for (const { rows } of group) {
    for (const row of rows) {
      const sameTable = tables.get(row.table)
      if (sameTable) sameTable.push(row)
      else tables.set(row.table, [row])
    }
  }
  return tables
}

/** Inserts rows of one table, making the partitions that they need. Returns those that were already there. */
async function insertRows(
  connection: Connection,
  table: AnalyticsTable,
  rows: RecordRow[],
): Promise<RecordRow[]> {
  const timedByUs = rows.filter((row) => row.timedByUs)
  if (timedByUs.length > 0) await settleTimes(connection, table, timedByUs)
  const fresh = await insertRecords(connection, table, rows).catch(async (error) => {
    if (errorCode(error) !== NO_PARTITION) throw error
    const times = rows.map((row) => new Date(row.occurredAt))
    await ensurePartitions(connection.db, times, [table])
    return insertRecords(connection, table, rows)
  })
  return alreadyThere(rows, fresh)
}

function alreadyThere(rows: RecordRow[], fresh: Fresh): RecordRow[] {
  if (fresh.count === rows.length) return []
  if (fresh.count === 0) return rows
  const left = new Map<string, number>()
  for (const key of fresh.keys.map(keyOf)) left.set(key, (left.get(key) ?? 0) + 1)
  // Each new row is taken out, so that a second copy of it in the group is a duplicate.
  return rows.filter((row) => {
    const key = keyOf(row)
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
}

/** Tells each request of a group what became of its rows. */
function answer(group: Waiting[], alreadyStored: Set<RecordRow>): void {
  for (const { rows, resolve } of group) {
    const duplicates = alreadyStored.size === 0 ? 0 : rows.filter((row) => alreadyStored.has(row)).length
    resolve({ accepted: rows.length - duplicates, duplicates })
  }
}

const keyOf = (row: { id: string; userId: string }): string => row.id + row.userId

/** A wait for a synchronous standby cannot be ended by the server's own timeouts, so the limit is here. */
async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export const ingestQueue = (): IngestQueue => singleton('ingest.queue', () => new IngestQueue())
