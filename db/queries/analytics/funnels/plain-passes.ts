import { type SQL, sql } from 'drizzle-orm'
import {
  areDistinct,
  beginning,
  breakdownValue,
  column,
  type EventSteps,
  eventsOf,
  list,
  type PassOptions,
} from '@/db/queries/analytics/funnels/event-passes'
import { milliseconds } from '@/db/queries/analytics/funnels/measure-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

/** The fields that the index of names holds. */
const INDEXED = ['name', 'userId']

/** Whether nothing but the steps and the window decides a pass. */
export const isPlain = (funnel: EventSteps): boolean =>
  areDistinct(funnel) && funnel.exclusions.length === 0 && funnel.steps.every(({ optional }) => !optional)

/**
 * The passes of a plain funnel, as `eventPasses` has them but several times as fast. Without a window a user's earliest
 * pass gets furthest. So it counts, unless the window cuts it short: only those users are looked at more closely.
 */
export function plainPasses({ steps, windowMs }: EventSteps, { filter, breakdown }: PassOptions): SQL {
  const times = steps.map((_, index) => column('t', index + 1))
  const [first, ...others] = steps.map(({ match }) => eventsOf(filter, match))
  const events = [sql`${first} and ${beginning(filter)}`, ...others]
  const earliest = earliestPasses(events, [filter, ...steps.map(({ match }) => match)].every(isIndexed))
  const isAlwaysWithin = windowMs >= filter.to.getTime() - filter.from.getTime()
  const taken = isAlwaysWithin ? sql`taken as (${earliest})` : withinWindow(events, earliest, windowMs)
  if (!breakdown) return sql`${taken}, found as (select null::text as value, ${list(times)} from taken)`
  return sql`
    ${taken}, found as (
      select distinct on (user_id) value, ${list(times)}
      from taken join (
        select user_id, occurred_at as t1, id, ${breakdownValue(breakdown)} as value
        from user_events where ${events[0]}
      ) begun using (user_id, t1)
      order by user_id, id
    )`
}

const isIndexed = ({ equal, properties, context }: Pick<RecordFilter, 'equal' | 'properties' | 'context'>) =>
  Object.keys(equal).every((field) => INDEXED.includes(field)) &&
  Object.keys(properties).length + Object.keys(context).length === 0

/**
 * A query for each user's earliest pass if there were no window.
 *
 * @param inHalves asks for the users in two halves: so two processes can work at once, and in no other way, because as
 *   many groups cannot be put together from parts. Each reads all events, which costs little in an index alone.
 */
function earliestPasses([first, ...events]: SQL[], inHalves: boolean): SQL {
  const passesOf = (users: SQL) =>
    events.reduce((passes, event, index) => {
      const taken = [...Array(index + 1).keys()].map((one) => column('t', one + 1))
      return sql`
          select p.user_id, ${list(taken.map((at) => sql`min(${at}) as ${at}`))}, min(at) as ${column('t', index + 2)}
          from (${passes}) p left join (
            select user_id, occurred_at as at from user_events where ${event} and ${users}
          ) e on e.user_id = p.user_id and at >= ${column('t', index + 1)}
          group by p.user_id`
    }, sql`select user_id, min(occurred_at) as t1 from user_events where ${first} and ${users} group by user_id`)
  if (!inHalves) return passesOf(sql`true`)
  const halves = [sql`hashtext(user_id) < 0`, sql`hashtext(user_id) >= 0`]
  return sql`select * from (${list(halves.map(passesOf), sql` union all `)}) halves`
}

/** Each user's pass if the window is shorter than the range: common table expressions, the last of which is `taken`. */
function withinWindow(events: SQL[], earliest: SQL, windowMs: number): SQL {
  const later = events.slice(1).map((_, index) => column('t', index + 2))
  const isLate = (at: SQL, start: SQL) => sql`${at} > ${start} + ${milliseconds(windowMs)}`
  return sql`
    earliest as materialized (
      select *, coalesce(${isLate(sql`greatest(${list(later)})`, sql`t1`)}, false) as late from (${earliest}) e
    ), late as materialized (select user_id from earliest where late),
    taken as (
      select user_id, t1, ${list(later)} from earliest where not late
      union all (
        select distinct on (user_id) *
        from (
          select user_id, at as t1,
            ${list(later.map((at) => sql`case when not ${isLate(at, sql`at`)} then ${at} end as ${at}`))}
          from (${nextTimes(events)}) n where step = 1
        ) passes
        order by user_id, num_nonnulls(${list(later)}) desc, t1
      )
    )`
}

/**
 * A query for the events of the late users, with the times at which a pass that goes on from there takes the steps
 * after it. The nearest event of a step is also the one from which all later steps are taken first: therefore the
 * minimum over all of its events to come is that of the nearest.
 */
function nextTimes(events: SQL[]): SQL {
  const steps = events.map((event, index) => {
    const step = sql`${index + 1}::int as step`
    return sql`select user_id, occurred_at as at, ${step} from user_events where ${event} and user_id in (select * from late)`
  })
  let query = list(steps, sql` union all `)
  for (let step = steps.length; step > 1; step--) {
    const next = (at: SQL) => sql`min(${at}) filter (where step = ${step}) over later`
    const after = steps.slice(step).map((_, index) => column('t', step + index + 1))
    query = sql`
      select ${list([
        sql`user_id, at, step, ${next(sql`at`)} as ${column('t', step)}`,
        ...after.map((at) => sql`${next(at)} as ${at}`),
      ])}
      from (${query}) n
      window later as (partition by user_id order by at desc, step desc rows unbounded preceding)`
  }
  return query
}
