import { type SQL, sql } from 'drizzle-orm'
import { foldRuns, msBetween } from '@/db/queries/analytics/journeys/fold-runs'
import { beganBefore, pageViews, stepRecords } from '@/db/queries/analytics/journeys/run-records'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

/** Which runs a question is about, and which part of each. */
export interface RunQuestion {
  filter: RecordFilter
  /** Tracked steps, or page views of sessions. */
  source: 'steps' | 'events'
  /** Only runs with this step, from its first time on. */
  start?: string
  /** Only runs with this step, at or after the start, up to its first time there. */
  end?: string
  /** The dimension of `value`. */
  by?: string
}

/**
 * A query with one row for each run that a question is about: `user_id`, `started` (of the whole run), `value`,
 * `completed`, `duration_ms` (from the start to the completion, or to the end that was asked for; of completed runs),
 * `path` and `times` (see `foldRuns`; cut to start and end) and `left_at`: when the last visit ended, if known.
 */
export function passesOf({ filter, source, start, end, by }: RunQuestion): SQL {
  const fromSteps = source === 'steps'
  const runs = foldRuns(fromSteps ? stepRecords(filter, by) : pageViews(filter, by))
  // A session is complete when it reaches the end that was asked for; a tracked run when it says so.
  const completed = fromSteps ? sql`completed_at is not null` : sql`${end !== undefined}::boolean`
  const begun = start === undefined ? sql`started` : sql`times[first]`
  const over = end === undefined ? sql`completed_at` : sql`times[last]`
  return sql`
    select user_id, started, value, ${completed} as completed,
      case when ${completed} then ${msBetween(begun, over)} end as duration_ms,
      path[first:last] as path, times[first:last] as times,
      ${end === undefined ? sql`completed_at` : sql`null::timestamptz`} as left_at
    from (${runs}) runs,
      lateral (select ${start === undefined ? sql`1` : sql`array_position(path, ${start}::text)`} as first) as starts,
      lateral (select ${
        end === undefined ? sql`cardinality(path)` : sql`array_position(path, ${end}::text, first)`
      } as last) as ends
    where matching and started < ${filter.to.toISOString()}::timestamptz
      and first is not null and last is not null
      and ${fromSteps ? sql`not ${beganBefore(filter, sql`runs`)}` : sql`true`}`
}

/**
 * A query over `passes` with one row for each visit: `user_id`, `completed`, its `place` in the path (from 1), `step`,
 * the `next` one (null where the path ends) and `stay_ms`, until the next or the completion (null, if there is neither).
 */
export const visits: SQL = sql`
  select user_id, completed, place, step, next, ${msBetween(sql`at`, sql`coalesce(next_at, left_at)`)} as stay_ms
  from passes, unnest(path, times, path[2:], times[2:]) with ordinality as visit (step, at, next, next_at, place)`
