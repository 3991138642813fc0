import type { RecordRow } from '@/db/queries/analytics/insert-records'
import { countFailed } from '@/lib/analytics/ingest/failures'
import { type Spool, spool } from '@/lib/analytics/ingest/spool/spool'
import { type Batch, isBadValue, storeGroup } from '@/lib/analytics/ingest/store'
import { followLeader } from '@/lib/database'
import { Problem, unavailable } from '@/lib/http/problem'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

/** What was stored of a request's records. */
export interface Stored {
  accepted: number
  duplicates: number
  /** Of those accepted: kept on this machine's disk until there is a leader, which alone can tell duplicates. */
  spooled: number
}

interface Waiting extends Batch {
  resolve(stored: Stored): void
  reject(error: unknown): void
}

/** Records that may wait; more are refused with 503, so that memory is bounded and a client hears soon. */
const CAPACITY = 20_000
/** Records in one statement at the most. */
const GROUP = 2_000
/**
 * Group commit: requests put their rows in a queue and wait; one writer takes what is there, writes it in one
 * statement, and answers all of them. The more requests at once, the fewer commits each costs.
 */
export class IngestQueue {
  private waiting: Waiting[] = []
  private size = 0
  private writing = false

  /** @param aside where groups are kept while no leader takes writes; without it they are refused */
  constructor(private readonly aside: Spool | undefined) {}

  /**
   * Stores rows durably: in the database, or in the spool. Or fails as a whole.
   *
   * @throws Problem 503 when the queue or the spool is full, or no leader takes writes and there is no spool; 422 for what
   *   cannot be stored
   */
  store(projectId: string, rows: RecordRow[], bots = 0): Promise<Stored> {
    if (this.size + rows.length > CAPACITY) {
      countFailed(rows.length)
      throw unavailable(new Error('the ingest queue is full'), 1)
    }
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
    // What came before is in the spool: order is kept.
    if (await this.aside?.isAhead()) return this.setAside(group)
    try {
      answer(group, await storeGroup(group))
    } catch (error) {
      await this.failGroup(group, error)
    }
  }

  /** A value that PostgreSQL refuses fails its whole statement: find whose it is, so that the others are stored. */
  private async failGroup(group: Waiting[], error: unknown): Promise<void> {
    const badValue = isBadValue(error)
    if (badValue && group.length > 1) {
      for (const item of group) await this.writeGroup([item])
      return
    }
    if (!badValue) {
      void followLeader()
      if (this.aside) return this.setAside(group)
    }
    refuse(
      group,
      badValue
        ? new Problem(422, 'A value of these records cannot be stored.', { cause: error })
        : unavailable(error),
      error,
    )
  }

  private async setAside(group: Waiting[]): Promise<void> {
    try {
      await this.aside?.append(group)
    } catch (error) {
      refuse(group, unavailable(error, 5), error)
      return
    }
    for (const { rows, resolve } of group)
      resolve({ accepted: rows.length, duplicates: 0, spooled: rows.length })
  }
}

/** Tells each request of a group what became of its rows. */
function answer(group: Waiting[], alreadyStored: Set<RecordRow>): void {
  for (const { rows, resolve } of group) {
    const duplicates = alreadyStored.size === 0 ? 0 : rows.filter((row) => alreadyStored.has(row)).length
    resolve({ accepted: rows.length - duplicates, duplicates, spooled: 0 })
  }
}

function refuse(group: Waiting[], problem: Problem, error: unknown): void {
  // A value that cannot be stored is its sender's mistake.
  if (problem.status === 503) countFailed(group.reduce((sum, { rows }) => sum + rows.length, 0))
  log('error', 'records were not stored', { requests: group.length, error })
  for (const item of group) item.reject(problem)
}

export const ingestQueue = (): IngestQueue => singleton('ingest.queue', () => new IngestQueue(spool()))
