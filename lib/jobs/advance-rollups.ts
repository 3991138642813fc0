import { advanceRollups as advance } from '@/db/queries/analytics/rollups/advance'
import { leader } from '@/lib/database'

/** Adds to the rollups what has arrived since the last time. Safe to run twice at once. */
export async function advanceRollups(): Promise<void> {
  await advance(leader())
}
