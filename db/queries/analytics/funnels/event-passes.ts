import { and, type SQL, sql } from 'drizzle-orm'
import { milliseconds } from '@/db/queries/analytics/funnels/measure-passes'
import { dimensionOf, matches, type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

const TABLE = 'user_events'

/** Which events a step or an exclusion means. */
export type EventMatch = Pick<RecordFilter, 'equal' | 'properties' | 'context'>

/** A funnel from events. The first and the last step are not optional. */
export interface EventSteps {
  steps: { match: EventMatch; optional: boolean }[]
  exclusions: EventMatch[]
  /** How long a pass may take from its first step. */
  windowMs: number
}

/** What passes are looked for: the filter's conditions are on the events of the first step. */
export interface PassOptions {
  filter: RecordFilter
  breakdown?: string
}

const matching = (match: EventMatch): SQL => and(...matches(TABLE, match)) as SQL

/** Whether no event can serve two steps. */
export const areDistinct = ({ steps }: EventSteps): boolean =>
  new Set(steps.map(({ match }) => match.equal.name)).size === steps.length

/** The project's events of the range that a match means. */
export const eventsOf = ({ projectId, from, to }: RecordFilter, match: EventMatch): SQL =>
  whereRecords(TABLE, { projectId, from, to, ...match })

/** The conditions on the event that begins a pass. */
export const beginning = (filter: RecordFilter): SQL => and(...matches(TABLE, filter)) ?? sql`true`

export const breakdownValue = (breakdown: string | undefined): SQL =>
  breakdown ? dimensionOf(TABLE, breakdown) : sql`null::text`

/** A column of a step, such as t3, the time at which a pass took step 3. */
export const column = (letter: 'p' | 't' | 's' | 'n' | 'e', step: number): SQL => sql.raw(`${letter}${step}`)

export const list = (parts: SQL[], between = sql`, `): SQL => sql.join(parts, between)

/**
 * Each user's pass through a funnel from events, as common table expressions, the last of which is `found` (user_id,
 * value, t1, t2 and so on): the times of the steps it took.
 *
 * A pass goes through the user's events of the range in order of time; those of the same time in the order of the
 * first, then of the last step that they match, then of their id. It begins at any event of the first step, and takes
 * each step that is not optional at the next event of it, unless that is outside the window or an exclusion lies
 * strictly between the times. Of a user's passes the one that takes most such steps counts, the earliest of those.
 *
 * An optional step is taken at the next event of it after the last step taken, if that comes before the next step that
 * is not optional or, where the pass ends before that one, within the window with no exclusion before it.
 */
export function eventPasses(funnel: EventSteps, { filter, breakdown }: PassOptions): SQL {
  const { steps, exclusions, windowMs } = funnel
  const all = steps.map((_, index) => index + 1)
  const required = all.filter((step) => !steps[step - 1]?.optional)
  const names = [...steps.map(({ match }) => match), ...exclusions].map(({ equal }) => equal.name as string)
  const inRange = whereRecords(TABLE, { ...filter, equal: {}, properties: {}, context: {} })
  const stepFlags = steps.map(({ match }, index) => sql`${matching(match)} as ${column('s', index + 1)}`)
  const excluded = exclusions.length > 0 ? list(exclusions.map(matching), sql` or `) : sql`false`
  const rank = (order: number[]) =>
    sql`case ${list(
      order.map((step) => sql`when ${column('s', step)} then ${step}::int`),
      sql` `,
    )} else 0 end`
  const byId = breakdown !== undefined || !areDistinct(funnel)
  const latestFirst = sql`at desc, lowest desc, highest desc${byId ? sql`, id desc` : sql``}`
  // The windows run from the latest event to the earliest, all three over one sort.
  const next = all
    .slice(1)
    .map((step) => sql`max(pos) filter (where ${column('s', step)}) over later as ${column('n', step)}`)
  const barrier =
    exclusions.length > 0
      ? sql`min(at) filter (where excluded) over (
          partition by user_id order by at desc groups between unbounded preceding and 1 preceding)`
      : sql`null::timestamptz`
  const free = (before: SQL, at: SQL) => sql`(${before}.barrier is null or ${at} <= ${before}.barrier)`
  const inWindow = (at: SQL, start: SQL) => sql`${at} <= ${start} + ${milliseconds(windowMs)}`

  const chain = required.slice(1).map((step, index) => {
    const before = column('e', required[index] as number)
    const e = column('e', step)
    return sql`left join events ${e} on ${e}.pos = ${before}.${column('n', step)}
      and ${inWindow(sql`${e}.at`, sql`e1.at`)} and ${free(before, sql`${e}.at`)}`
  })
  const optional = all
    .filter((step) => steps[step - 1]?.optional)
    .map((step) => {
      const e = column('e', step)
      const before = required.findLast((one) => one < step) as number
      const after = column('p', required.find((one) => one > step) as number)
      const b = column('e', before)
      // The last step taken: of the optional ones between, the latest that was; else the one before them.
      const between = all.filter((one) => one > before && one < step).reverse()
      const cases = between.map(
        (one) => sql`when ${column('e', one)}.pos is not null then ${column('e', one)}.${column('n', step)}`,
      )
      const following = sql`case ${list(cases, sql` `)} else ${b}.${column('n', step)} end`
      return sql`left join events ${e} on ${e}.pos = ${cases.length > 0 ? following : sql`${b}.${column('n', step)}`}
        and case when ${after} is not null then ${e}.pos > ${after}
          else ${inWindow(sql`${e}.at`, sql`e1.at`)} and ${free(b, sql`${e}.at`)} end`
    })
  const level = list(
    required.map((step) => sql`(${column('e', step)}.pos is not null)::int`),
    sql` + `,
  )
  return sql`
    flagged as (
      select user_id, occurred_at as at${byId ? sql`, id` : sql``}, ${breakdownValue(breakdown)} as value,
        ${beginning(filter)} as chosen, ${excluded} as excluded, ${list(stepFlags)}
      from user_events
      where ${inRange} and name in (${list([...new Set(names)].map((name) => sql`${name}`))})
    ), ordered as (
      select *, row_number() over (order by user_id, ${latestFirst}) as pos
      from (select *, ${rank(all)} as lowest, ${rank([...all].reverse())} as highest from flagged) f
      where highest > 0 or excluded
    ), events as materialized (
      select pos, user_id, at, value, chosen and s1 as begins, ${barrier} as barrier, ${list(next)}
      from ordered
      window later as (
        partition by user_id order by ${latestFirst} rows between unbounded preceding and 1 preceding)
    ), furthest as materialized (
      select distinct on (e1.user_id) e1.user_id, e1.value,
        ${list(required.map((step) => sql`${column('e', step)}.pos as ${column('p', step)}`))},
        ${list(required.map((step) => sql`${column('e', step)}.at as ${column('t', step)}`))}
      from events e1 ${list(chain, sql` `)}
      where e1.begins
      order by e1.user_id, ${level} desc, e1.pos desc
    ), ${
      optional.length === 0
        ? sql`found as (select user_id, value, ${list(all.map((step) => column('t', step)))} from furthest)`
        : sql`found as (
            select f.user_id, f.value, ${list(
              all.map((step) =>
                steps[step - 1]?.optional
                  ? sql`${column('e', step)}.at as ${column('t', step)}`
                  : column('t', step),
              ),
            )}
            from furthest f
            ${list(
              required
                .slice(0, -1)
                .map(
                  (step) =>
                    sql`left join events ${column('e', step)} on ${column('e', step)}.pos = ${column('p', step)}`,
                ),
              sql` `,
            )} ${list(optional, sql` `)})`
    }`
}
