import { and, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { foldRuns, msBetween } from '@/db/queries/analytics/journeys/fold-runs'
import { runKey } from '@/db/queries/analytics/journeys/run-records'
import { type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

/** Where a page of the list ended: the key of its last run's first record. */
export interface RunPosition {
  startedAt: string
  userId: string
  firstId: string
}

export interface RunRow extends Record<string, unknown>, RunPosition {
  journey: string
  runId: string
  path: string[]
  /** When each visit of the path began. */
  times: string[]
  completedAt: string | null
  durationMs: number
}

/** Runs that begin in the range and whose first record matches, newest first, after a position. */
export async function listRuns(
  db: Db,
  filter: RecordFilter,
  completed: boolean | undefined,
  limit: number,
  after?: RunPosition,
): Promise<RunRow[]> {
  const where = and(
    whereRecords('user_journeys', filter),
    sql`not exists (${otherRecords} and (other.occurred_at, other.completed, other.id)
      < (user_journeys.occurred_at, user_journeys.completed, user_journeys.id))`,
    completed === undefined ? undefined : sql`${isCompleted} = ${completed}`,
    after &&
      sql`(occurred_at, user_id, id)
        < (${after.startedAt}::timestamptz, ${after.userId}, ${after.firstId}::uuid)`,
  )
  // The first records of one page are found from the newest on; only the runs of the page are put together.
  return db.execute<RunRow>(sql`
    with page as materialized (
      select ${runKey}, occurred_at as started, id as first_id from user_journeys where ${where}
      order by occurred_at desc, user_id desc, id desc limit ${limit}
    ), runs as (${foldRuns({ key: runKey, records: recordsOfPage(filter) })})
    select journey, run_id as "runId", user_id as "userId", first_id as "firstId", to_json(path) as path,
      (select coalesce(json_agg(${isoTime(sql`moment`)}), '[]') from unnest(times) as moment) as times,
      ${isoTime(sql`started`)} as "startedAt", ${isoTime(sql`completed_at`)} as "completedAt",
      ${msBetween(sql`started`, sql`coalesce(completed_at, last_at)`)} as "durationMs"
    from page join runs using (${runKey}, started)
    order by started desc, user_id desc, first_id desc`)
}

/** The records of the run of `user_journeys`, to be narrowed. */
const otherRecords = sql`
  select from user_journeys other
  where other.project_id = user_journeys.project_id and other.user_id = user_journeys.user_id
    and other.journey = user_journeys.journey and other.run_id = user_journeys.run_id`

const isCompleted = sql`exists (
  ${otherRecords} and other.completed and other.occurred_at >= user_journeys.occurred_at)`

const recordsOfPage = ({ projectId }: RecordFilter): SQL => sql`
  select ${runKey}, occurred_at, id, step, completed, true as matching, null as value
  from page join user_journeys using (${runKey}) where project_id = ${projectId} and occurred_at >= page.started`
