import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import {
  beginning,
  breakdownValue,
  column,
  type EventSteps,
  eventPasses,
  eventsOf,
  list,
  type PassOptions,
} from '@/db/queries/analytics/funnels/event-passes'
import {
  countPasses,
  elapsed,
  type MeasureOptions,
  measurePasses,
  milliseconds,
} from '@/db/queries/analytics/funnels/measure-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

/** A funnel from events by the users' passes that begin in the range: see `eventPasses`. */
export async function measureEventFunnel(
  db: Db,
  funnel: EventSteps,
  filter: RecordFilter,
  options: MeasureOptions,
) {
  const steps = funnel.steps.map((_, index) => index + 1)
  // One query a step: several times as fast as the steps of each pass in turn.
  const reached = steps.map((step) => {
    const at = column('t', step)
    const later = steps.filter((one) => one > step).map((one) => column('t', one))
    const next = later.length > 0 ? sql`coalesce(${list(later)})` : sql`null::timestamptz`
    return sql`
      select run, ${step}::int as position, true as first, true as after_previous, true as after_first,
        ${elapsed(sql`t1`, at)} as to_ms, ${elapsed(at, next)} as in_ms
      from passes where ${at} is not null`
  })
  return measurePasses(
    db,
    sql`${passesOf(funnel, { filter, breakdown: options.breakdown })}, reached as (${list(reached, sql` union all `)})`,
    options,
  )
}

/** How many users entered and completed a funnel from events: the totals of `measureEventFunnel`. */
export const countEventFunnel = (db: Db, funnel: EventSteps, filter: RecordFilter) =>
  countPasses(db, passesOf(funnel, { filter }))

function passesOf(funnel: EventSteps, options: PassOptions): SQL {
  return sql`
    with ${isPlain(funnel) ? plainPasses(funnel, options) : everyPass(funnel, options)}, passes as materialized (
      select row_number() over () as run, t1 as at, value, true as entered,
        ${column('t', funnel.steps.length)} is not null as completed,
        ${list(funnel.steps.map((_, index) => column('t', index + 1)))}
      from taken
    )`
}

const everyPass = (funnel: EventSteps, options: PassOptions): SQL => {
  const byId = options.breakdown !== undefined || !areDistinct(funnel)
  return sql`${eventPasses(funnel, options, { byId })}, taken as (select * from found)`
}

/** Whether no event can serve two steps. */
const areDistinct = ({ steps }: EventSteps): boolean =>
  new Set(steps.map(({ match }) => match.equal.name)).size === steps.length

/** Whether nothing but the steps and the window decides a pass. */
const isPlain = (funnel: EventSteps): boolean =>
  areDistinct(funnel) && funnel.exclusions.length === 0 && funnel.steps.every(({ optional }) => !optional)

/**
 * The passes of a plain funnel, several times as fast: the index alone answers it. Without a window a user's earliest
 * pass gets furthest. So it counts, unless the window cut it short: only those users are looked at more closely.
 */
function plainPasses(funnel: EventSteps, options: PassOptions): SQL {
  const { filter, breakdown } = options
  const events = funnel.steps.map(({ match }) => eventsOf(filter, match))
  const times = funnel.steps.map((_, index) => column('t', index + 1))
  const begun = breakdown
    ? sql`select distinct on (user_id) user_id, occurred_at as t1, ${breakdownValue(breakdown)} as value
        from user_events where ${events[0]} and ${beginning(filter)} order by user_id, occurred_at, id`
    : sql`select user_id, min(occurred_at) as t1, null::text as value
        from user_events where ${events[0]} and ${beginning(filter)} group by user_id`
  const touched = events.slice(1).map((event, index) => {
    const step = index + 2
    const before = sql.raw(`touched${step - 1}`)
    return sql`${sql.raw(`touched${step}`)} as materialized (
      select user_id, min(occurred_at) as ${column('t', step)}
      from user_events join ${before} using (user_id)
      where ${event} and occurred_at >= ${column('t', step - 1)} group by user_id
    )`
  })
  const joins = events
    .slice(1)
    .map((_, index) => sql`left join ${sql.raw(`touched${index + 2}`)} using (user_id)`)
  return sql`
    touched1 as materialized (${begun}), ${list(touched)},
    earliest as materialized (
      select user_id, value, ${list(times)}, greatest(${list(times)}) > t1 + ${milliseconds(funnel.windowMs)} as late
      from touched1 ${list(joins, sql` `)}
    ), ${eventPasses(funnel, options, {
      users: sql`select user_id from earliest where late`,
      byId: breakdown !== undefined,
    })}, taken as (
      select user_id, value, ${list(times)} from earliest where late is not true
      union all
      select user_id, value, ${list(times)} from found
    )`
}
