import type { Db } from '@/db/connect'
import { leader } from '@/lib/database'

/** Records that change hands: those of some ids become another's, or nobody's. */
export interface UserChange {
  projectId: string
  from: string[]
  /** Whose they become; they are deleted, if left out. */
  to?: string
}

/**
 * Changes whose records are whose, in one transaction. Every such change comes through here, so what is derived from
 * the records is changed here, too, between the two steps: who is known, and the records are as they were.
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
    return change && work(tx, change)
  })
}
