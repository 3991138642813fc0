import { isDeepStrictEqual } from 'node:util'
import type { Db } from '@/db/connect'
import { readAccess } from '@/db/queries/access/read-access'
import { type AccessRecord, readRecord, writeRecord } from '@/lib/access/record/file'
import { leader } from '@/lib/database'
import { env } from '@/lib/env'
import { log } from '@/lib/log'

/** Makes the access record of a data folder what the database says, if it is not. */
export async function keepRecord(db: Db, dataDir: string): Promise<void> {
  const { users, endedSessions, projects, keys } = await readAccess(db)
  // A database without accounts is new or emptied: nobody could sign in by such a record.
  if (users.length === 0) return
  const record: AccessRecord = {
    version: 1,
    users,
    endedSessions,
    projects: projects.map((project) => ({ ...project, createdAt: project.createdAt.toISOString() })),
    keys,
  }
  if (!isDeepStrictEqual(record, readRecord(dataDir))) writeRecord(dataDir, record)
}

/** Keeps the record of this process's data folder in the background: after a change, without waiting for the worker. */
export function keepRecordSoon(): void {
  const dataDir = env().HOLDFAST_DATA_DIR
  if (!dataDir) return
  Promise.resolve()
    .then(() => keepRecord(leader(), dataDir))
    .catch((error) => log('warn', 'the access record was not written', { error }))
}
