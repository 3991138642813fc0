import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '@/db/connect'
import { type AccessRecord, readRecord } from '@/lib/access/record/file'
import { followLeader, leaderForAccess } from '@/lib/database'
import { env } from '@/lib/env'
import { databaseProblem } from '@/lib/http/database-problem'
import { Problem, unavailable } from '@/lib/http/problem'

/** The database may hang; who signs in must not. */
const PATIENCE_MS = 2_000

/**
 * Asks the database, and the access record when the database cannot be asked: it is away, or silent for 2 s. What
 * the record does not know (undefined) stays the database's fault.
 *
 * @throws Problem 503 when neither can tell
 */
export async function askOrRecall<T>(
  ask: (db: Db) => Promise<T>,
  recall: (record: AccessRecord) => T | undefined,
): Promise<T> {
  try {
    return await askInTime(ask)
  } catch (error) {
    if (!isUnavailable(error)) throw error
    followLeader()
    const record = accessRecord()
    const recalled = record && recall(record)
    if (recalled === undefined) throw error
    return recalled
  }
}

/** The access record of this process's data folder, if there is one. */
export function accessRecord(): AccessRecord | undefined {
  const dataDir = env().HOLDFAST_DATA_DIR
  return dataDir ? readRecord(dataDir) : undefined
}

/** An unrevoked key by its hash, with its project, as the database would answer. */
export function recallKey({ keys, projects }: AccessRecord, hash: string) {
  const key = keys.find((one) => one.hash === hash)
  const project = projects.find((one) => one.id === key?.projectId)
  return key && project && { key, project }
}

async function askInTime<T>(ask: (db: Db) => Promise<T>): Promise<T> {
  const enough = new AbortController()
  const late = sleep(PATIENCE_MS, undefined, { signal: enough.signal }).then(() => {
    throw unavailable(new Error(`no answer within ${PATIENCE_MS} ms`))
  })
  late.catch(() => {})
  try {
    return await Promise.race([ask(leaderForAccess()), late])
  } finally {
    enough.abort()
  }
}

/** Whether an error says that no database can be asked. */
export function isUnavailable(error: unknown): boolean {
  const problem = error instanceof Problem ? error : databaseProblem(error)
  return problem?.status === 503
}
