import type { Db } from '@/db/connect'
import * as queries from '@/db/queries/access/audit'
import type { Action, listAuditEntries } from '@/lib/access/audit/contract'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'

/** What is told of an act. Nothing of it may be a secret, or the id of a user of the apps. */
interface Act {
  actor: string
  action: Action
  subject: string
  detail?: Record<string, unknown>
}

/** Tells of an act, in the transaction that it is done in. */
export const audit = (tx: Db, { detail = {}, ...act }: Act): Promise<void> =>
  queries.insertAuditEntry(tx, { ...act, detail })

/** Every act, newest first. */
export async function findAuditEntries({
  limit,
  before,
}: ParsedInputOf<typeof listAuditEntries>): Promise<OutputOf<typeof listAuditEntries>> {
  const rows = await queries.listAuditEntries(leader(), { limit: limit + 1, before })
  return {
    entries: rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() })),
    oldest: rows.length <= limit,
  }
}
