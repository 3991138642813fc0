import { and, eq, gte, type SQL, sql } from 'drizzle-orm'
import { dimensionOf, matches, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'
import { type AnalyticsTable, userEvents, userJourneys } from '@/db/schema'

/** What runs are folded from. */
export interface RunRecords {
  /**
   * A query with the columns of the key and `occurred_at`, `id`, `step`, `completed`, and of the record that may be a
   * run's first: `matching` (is it one of the filter's?) and `value` (of the breakdown's dimension).
   */
  records: SQL
  /** The columns that tell one run from another. */
  key: SQL
}

/** The user first: it tells most runs apart, which is what their sort costs least by. */
export const runKey = sql`user_id, run_id, journey`

/** The fields that all records of a run share. */
const shared = ['name', 'userId', 'runId']

/**
 * The steps and completions of every run that has a record in the filter's range that matches: from the range's start
 * on, since steps count whenever they came.
 */
export function stepRecords(filter: RecordFilter, by?: string): RunRecords {
  const { ofRuns, ofFirst } = splitFilter(filter)
  const { projectId, occurredAt } = userJourneys
  const hasMatch = sql`(${runKey}) in (
    select ${runKey} from user_journeys where ${whereRecords('user_journeys', filter)})`
  const where = and(
    eq(projectId, filter.projectId),
    gte(occurredAt, filter.from),
    ...matches('user_journeys', ofRuns),
    // Spares the sort of all runs, where few are asked for.
    isEmpty(ofFirst) ? undefined : hasMatch,
  )
  return {
    key: runKey,
    records: sql`
      select ${runKey}, occurred_at, id, step, completed, ${aboutFirst('user_journeys', ofFirst, by)}
      from user_journeys where ${where}`,
  }
}

/** Whether a run began before the range: its row in `runs` then is only its end. */
export function beganBefore(filter: RecordFilter, runs: SQL): SQL {
  return sql`exists (
    select from user_journeys earlier
    where earlier.project_id = ${filter.projectId} and earlier.occurred_at < ${filter.from.toISOString()}::timestamptz
      and (earlier.user_id, earlier.journey, earlier.run_id) = (${runs}.user_id, ${runs}.journey, ${runs}.run_id))`
}

/** Runs that begin in the range and match the filter: their key alone. */
export function begunRuns(filter: RecordFilter): SQL {
  const { ofRuns, ofFirst } = splitFilter(filter)
  const inRange = whereRecords('user_journeys', { ...filter, ...ofRuns })
  // Which record is the first matters only where it has to match.
  const runs = isEmpty(ofFirst)
    ? sql`select distinct ${runKey}, true as matching from user_journeys where ${inRange}`
    : sql`
      select distinct on (${runKey}) ${runKey}, ${aboutFirst('user_journeys', ofFirst)}
      from user_journeys where ${inRange} order by ${runKey}, occurred_at, completed, id`
  return sql`select ${runKey} from (${runs}) first where matching and not ${beganBefore(filter, sql`first`)}`
}

/**
 * Page views as steps, sessions as runs: those with one session id, which are of whoever it was last, since people sign in
 * in the midst of a session; without one, a user's page views up to a pause of more than 30 minutes.
 */
export function pageViews(filter: RecordFilter, by?: string): RunRecords {
  const { projectId, from, to } = filter
  const { userId, sessionId, ...others } = filter.equal
  const inRange = (equal: Record<string, string>) =>
    and(
      whereRecords('user_events', { projectId, from, to, equal, properties: {}, context: {} }),
      eq(userEvents.type, 'page_view'),
      sql`page is not null`,
    )
  // Of a user's sessions all is read, also what was seen before the sign-in.
  const where = and(
    inRange(sessionId === undefined ? {} : { sessionId }),
    userId === undefined
      ? undefined
      : sql`(user_id = ${userId} or session_id in (
          select session_id from user_events where ${inRange({ userId })} and session_id is not null))`,
  )
  return {
    key: sql`user_id, session_id, part`,
    records: sql`
      select *, false as completed,
        count(*) filter (where after_pause) over (partition by user_id, session_id order by occurred_at, id) as part
      from (
        select last_value(user_id) over (inTime rows between unbounded preceding and unbounded following) as user_id,
          session_id, occurred_at, id, page as step,
          ${aboutFirst('user_events', { ...filter, equal: others }, by)},
          session_id is null and occurred_at - lag(occurred_at) over inTime > interval '30 minutes' as after_pause
        from user_events where ${where}
        window inTime as (
          partition by session_id, case when session_id is null then user_id end order by occurred_at, id)
      ) viewed
      where ${userId === undefined ? sql`true` : sql`user_id = ${userId}`}`,
  }
}

type Conditions = Pick<RecordFilter, 'equal' | 'properties' | 'context'>

const aboutFirst = (table: AnalyticsTable, conditions: Conditions, by?: string): SQL => sql`
  ${and(sql`true`, ...matches(table, conditions))} as matching,
  ${by === undefined ? sql`null` : dimensionOf(table, by)}::text as value`

/** The conditions that hold for all records of a run or for none, and those that only its first one has to meet. */
function splitFilter({ equal, properties, context }: Conditions): {
  ofRuns: Conditions
  ofFirst: Conditions
} {
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(equal).filter(([field]) => shared.includes(field) === wanted))
  return {
    ofRuns: { equal: pick(true), properties: {}, context: {} },
    ofFirst: { equal: pick(false), properties, context },
  }
}

const isEmpty = ({ equal, properties, context }: Conditions): boolean =>
  [equal, properties, context].every((part) => Object.keys(part).length === 0)
