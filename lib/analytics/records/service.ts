import { findLatestRecord } from '@/db/queries/analytics/latest-record'
import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/records/contract'
import { readFresh } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'

/** The newest record of a project, of any kind; of those received after a time, if one is given. */
export async function readLatestRecord(
  { since }: ParsedInputOf<typeof contract.getLatestRecord>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getLatestRecord>> {
  const record = await readFresh(({ db }) =>
    findLatestRecord(db, project.id, since === undefined ? undefined : new Date(since)),
  )
  return { record: record ?? null, asOf: new Date(receivedAt).toISOString() }
}
