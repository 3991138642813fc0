import type { Db } from '@/db/connect'
import { reviseRollups } from '@/db/queries/analytics/rollups/revise'
import { leader } from '@/lib/database'

/** Records that change hands: those of some ids become another's, or nobody's. */
export interface UserChange {
  projectId: string
  from: string[]
  /** Whose they become; they are deleted, if left out. */
  to?: string
}

/**
 * Changes whose records are whose, in one transaction. Every such change comes through here, so that what is derived
 * from the records changes with them.
 *
 * @param choose settles who is concerned and holds it; nothing is done, if it returns nothing
 * @param work changes the records
 */
export async function changeUsers<Result>(
  choose: (tx: Db) => Promise<UserChange | undefined>,
  work: (tx: Db, change: UserChange) => Promise<Result>,
): Promise<Result | undefined> {
  return leader().transaction(async (tx) => {
    const change = await choose(tx)
    if (!change) return undefined
    const { projectId, from, to } = change
    const users = to === undefined ? from : [...from, to]
    return reviseRollups(tx, { projectId, users, deletes: to === undefined }, () => work(tx, change))
  })
}
