import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import {
  column,
  type EventSteps,
  eventPasses,
  list,
  type PassOptions,
} from '@/db/queries/analytics/funnels/event-passes'
import {
  countPasses,
  elapsed,
  type MeasureOptions,
  measurePasses,
  stageCount,
} from '@/db/queries/analytics/funnels/measure-passes'
import { isPlain, plainPasses } from '@/db/queries/analytics/funnels/plain-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

/** A funnel from events by the users' passes that begin in the range: see `eventPasses`. */
export async function measureEventFunnel(
  db: Db,
  funnel: EventSteps,
  filter: RecordFilter,
  options: MeasureOptions,
) {
  const { steps } = funnel
  const times = steps.map((_, index) => column('t', index + 1))
  const stages = times.map((at, index) => {
    const counted = sql`count(${at})`
    // The next step taken is the next that is not optional, or one before that.
    const required = steps.findIndex(({ optional }, other) => other > index && !optional)
    const [next, ...more] = times.slice(index + 1, required + 1)
    const left =
      more.length > 0 ? sql`coalesce(${list([next as SQL, ...more])})` : (next ?? sql`null::timestamptz`)
    return stageCount(
      {
        position: sql`${index + 1}::int`,
        entered: counted,
        passed: counted,
        afterPrevious: counted,
        afterFirst: counted,
      },
      index === 0 ? sql`0::float8` : elapsed(sql`t1`, at),
      elapsed(at, left),
    )
  })
  // All stages over the same rows: a row for each stage of each pass would have to be sorted.
  return measurePasses(
    db,
    passesOf(funnel, { filter, breakdown: options.breakdown }),
    (rows, place) =>
      sql`select ${place} as place, json_build_array(${list(stages)}) as stages from ${sql.raw(rows)} group by 1`,
    options,
  )
}

/** How many users entered and completed a funnel from events: the totals of `measureEventFunnel`. */
export const countEventFunnel = (db: Db, funnel: EventSteps, filter: RecordFilter) =>
  countPasses(db, passesOf(funnel, { filter }))

function passesOf(funnel: EventSteps, options: PassOptions): SQL {
  const times = funnel.steps.map((_, index) => column('t', index + 1))
  return sql`
    with ${isPlain(funnel) ? plainPasses(funnel, options) : eventPasses(funnel, options)}, times as materialized (
      select value, ${list(times)} from found
    ), passes as not materialized (
      select *, t1 as at, true as entered, ${column('t', times.length)} is not null as completed from times
    )`
}
