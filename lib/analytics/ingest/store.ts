import type { Connection } from '@/db/connect'
import { awaitStandby } from '@/db/queries/analytics/await-standby'
import { addDropped } from '@/db/queries/analytics/dropped'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { type Fresh, insertRecords, type RecordRow, settleTimes } from '@/db/queries/analytics/insert-records'
import type { AnalyticsTable } from '@/db/schema'
import { ingest, unreplicatedCommits } from '@/lib/database'
import { errorCode } from '@/lib/http/database-problem'

/** What one request brought: rows, and how many records of bots, which are only counted. */
export interface Batch {
  projectId: string
  rows: RecordRow[]
  bots: number
}

/** After this long without an answer the database counts as away, in milliseconds. */
const DEADLINE_MS = 4_000

const NO_PARTITION = '23514'

/**
 * Stores a group of batches: one statement a table, whatever their number.
 *
 * @returns the rows that were already there
 * @throws Error when it is not sure that all of them are durable, on every member that commits wait for
 */
export const storeGroup = (group: Batch[]): Promise<Set<RecordRow>> => withDeadline(insertGroup(group))

/** Whether an error is about a value: the records themselves cannot be stored, wherever the leader is. */
export const isBadValue = (error: unknown): boolean => errorCode(error)?.startsWith('22') ?? false

/** The same of records that were accepted before PostgreSQL saw them: also what breaks a constraint or a limit. */
export const isUnstorable = (error: unknown): boolean => /^(21|22|23|54)/.test(errorCode(error) ?? '')

/** Inserts all rows of a group, one statement a table, and counts its bots' records. Returns the rows already there. */
async function insertGroup(group: Batch[]): Promise<Set<RecordRow>> {
  const connection = ingest()
  const unreplicated = unreplicatedCommits()
  const duplicates = (
    await Promise.all([...byTable(group)].map(([table, rows]) => insertRows(connection, table, rows)))
  ).flat()
  // The commit that stored them may have been cut off before a standby had it, and this one has written nothing that waits.
  if (duplicates.length > 0) await awaitStandby(connection.db)
  // Last, so that a group that fails and is tried again counts them once.
  const bots = group.filter((item) => item.bots > 0)
  if (bots.length > 0) await addDropped(connection.db, bots)
  if (unreplicatedCommits() > unreplicated) throw new Error('committed, but not replicated')
  return new Set(duplicates)
}

function byTable(group: Batch[]): Map<AnalyticsTable, RecordRow[]> {
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
