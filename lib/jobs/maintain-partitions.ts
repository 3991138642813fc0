import { deleteLeftBehind } from '@/db/queries/access/delete-project'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { expireRecords, expireRecordTimes } from '@/db/queries/analytics/expire'
import { leader } from '@/lib/database'

/** Months whose partitions are made ahead. */
const AHEAD = 2
/** Days within which a repeat of a record that we timed ourselves is recognised. */
const REPEAT_DAYS = 7

/** A day of this month and of each month for which partitions are made ahead. */
export function monthsAhead(now: Date): Date[] {
  return Array.from(
    { length: AHEAD + 1 },
    (_, month) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month)),
  )
}

/** Makes the partitions of the months to come and lets go of what is kept no longer. Safe to run twice at once. */
export async function maintainPartitions(now = new Date()): Promise<void> {
  await ensurePartitions(leader(), monthsAhead(now))
  await expireRecords(leader(), now)
  await expireRecordTimes(leader(), REPEAT_DAYS)
  await deleteLeftBehind(leader())
}
