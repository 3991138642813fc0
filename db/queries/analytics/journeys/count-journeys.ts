import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { begunRuns } from '@/db/queries/analytics/journeys/run-records'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

/** Journeys with how many of their runs begin in the range, most first. */
export async function countJourneys(db: Db, filter: RecordFilter) {
  return db.execute<{ name: string; started: number }>(sql`
    select journey as name, count(*)::float8 as started
    from (${begunRuns(filter)}) begun group by journey order by started desc, journey`)
}
