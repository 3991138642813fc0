import { measureEventFunnel } from '@/db/queries/analytics/funnels/event-funnel'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import { analyticsTables } from '@/db/schema'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { funnelDefinition, getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { placesOf, stepsOf } from '@/lib/analytics/funnels/definition'
import { analyzeFunnel } from '@/lib/analytics/funnels/service'
import { answerOf } from '@/lib/analytics/funnels/stages'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { recordFilter } from '@/lib/analytics/parameters/filter'
import { getRetention } from '@/lib/analytics/retention/contract'
import { findRetention } from '@/lib/analytics/retention/service'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { leader } from '@/lib/database'
import { type Panel, range, within } from './panels'

/**
 * Whole answers of the other pages, as their endpoints give them, with all they hold. ClickHouse is asked for the same
 * numbers, in as many statements as suit it.
 */
export function servicePanels(project: Project): Panel[] {
  const caller: ProjectCaller = {
    project,
    account: null,
    receivedAt: range.to.getTime(),
    userAgent: null,
  }
  const span = { from: range.from.toISOString(), to: range.to.toISOString() }
  const definition = funnelDefinition.parse({
    steps: ['page_view', 'click', 'search'].map((name) => ({ name })),
    window: '30d',
  })
  const filter = recordFilter({}, project.id, range)
  return [
    ...filters.flatMap((filter) => standardPanels(caller, { ...span, ...filter.asked }, filter)),
    {
      name: 'ad-hoc funnel of three events',
      standard: false,
      answer: async (rollups) => {
        if (!rollups) {
          const intervals = intervalsIn(range, 'day')
          const measure = await measureEventFunnel(leader(), stepsOf(definition), filter, { intervals })
          return funnelLines(answerOf(placesOf(definition), measure))
        }
        const asked = { ...span, funnel: 'ad hoc', definition: JSON.stringify(definition) }
        return funnelLines(await analyzeFunnel(getFunnelAnalytics.input.parse(asked), caller))
      },
      clickhouse: [
        `${eventPasses} select place, countIf(at[place] > 0), ${percentiles('at[place] - at[1]', 'at[place] > 0')},
          ${percentiles('at[place + 1] - at[place]', 'at[place] > 0 and at[place + 1] > 0')}
          from passes array join [1, 2, 3] as place group by place`,
        `${eventPasses} select toDate(fromUnixTimestamp64Milli(at[1]), 'UTC') as day, count(), countIf(at[3] > 0)
          from passes group by day`,
      ],
      normalize: inLines,
    },
  ]
}

const filters = [
  { name: '', asked: {}, where: '', ofFirst: '' },
  {
    name: ', device = mobile',
    asked: { device: 'mobile' },
    where: " and device = 'mobile'",
    // Of a run, its first record has to match.
    ofFirst: " and argMin(device, occurred_at) = 'mobile'",
  },
]

/** Panels that have a bound. */
function standardPanels(
  caller: ProjectCaller,
  asked: { from: string; to: string },
  { name, where, ofFirst }: (typeof filters)[number],
): Panel[] {
  return [
    {
      name: `retention by week${name}`,
      standard: true,
      answer: async () =>
        (await findRetention(getRetention.input.parse({ ...asked, interval: 'week' }), caller)).cohorts.map(
          ({ at, returned }) => ({ at, returned: returned.map(({ users }) => users) }),
        ),
      clickhouse: `
        with seen as (
          select user_id, toMonday(toDate(occurred_at, 'UTC')) as week from bench.user_events
          where occurred_at < '${asked.to.slice(0, 10)} 00:00:00'${where} group by 1, 2
        ), firsts as (select user_id, min(week) as at from seen group by 1),
        counted as (select at, week, count() as users from seen join firsts using (user_id) group by 1, 2)
        select at, groupArray(users) as returned from (select * from counted order by week)
        where at >= toMonday(toDate('${asked.from.slice(0, 10)}')) group by at order by at`,
      normalize: (rows: { at: string; returned: number[] }[]) =>
        rows
          .filter((row) => Number(row.returned[0]) > 0)
          .map((row) => `${row.at.slice(0, 10)}: ${row.returned}`),
    },
    {
      name: `features${name}`,
      standard: true,
      answer: async () => {
        const { activeUsers, features } = await measureFeatures(getFeatureStats.input.parse(asked), caller)
        return [
          ['active', activeUsers],
          ...features.flatMap((one) => [
            [
              one.name,
              one.opened,
              one.used,
              one.completed,
              one.users,
              one.successRate,
              ...both(one.durationMs),
            ],
            ...one.errors.map(({ message, count }) => [one.name, message, count]),
            ...one.series
              .filter(({ records }) => records > 0)
              .map(({ at, records, users }) => [one.name, dayOf(at), records, users]),
          ]),
        ]
      },
      clickhouse: [
        `select 'active', uniqExact(user_id) from (${analyticsTables
          .map((table) => `select user_id from bench.${table} where ${within}${where}`)
          .join(' union all ')})`,
        `select feature, countIf(action = 'opened'), countIf(action = 'used'), countIf(action = 'completed'),
          uniqExact(user_id), countIf(success) / count(), ${percentiles('duration_ms')}
          from bench.feature_usage where ${within}${where} group by feature`,
        `select feature, error, count() from bench.feature_usage
          where ${within}${where} and error is not null group by feature, error`,
        `select feature, toDate(occurred_at, 'UTC') as day, count(), uniqExact(user_id)
          from bench.feature_usage where ${within}${where} group by feature, day`,
      ],
      normalize: inLines,
    },
    {
      name: `satisfaction, nps${name}`,
      standard: true,
      answer: async () => {
        const survey = await measureSatisfaction(getSatisfactionMetrics.input.parse(asked), caller)
        return [
          ...survey.distribution
            .filter(({ count }) => count > 0)
            .map(({ score, count }) => ['score', score, count]),
          ...survey.series
            .filter(({ responses }) => responses > 0)
            .map(({ at, score, responses }) => [dayOf(at), score, responses]),
        ]
      },
      clickhouse: [
        `select 'score', score, count() from bench.user_satisfaction
          where survey = 'nps' and ${within}${where} group by score`,
        `select toDate(occurred_at, 'UTC') as day, 100 * (countIf(score >= 9) - countIf(score <= 6)) / count(), count()
          from bench.user_satisfaction where survey = 'nps' and ${within}${where} group by day`,
      ],
      normalize: inLines,
    },
    {
      name: `funnel of stages${name}`,
      standard: true,
      answer: async () => {
        const input = getFunnelAnalytics.input.parse({ ...asked, funnel: 'checkout' })
        return funnelLines(await analyzeFunnel(input, caller))
      },
      clickhouse: [
        `${funnelRuns} select place, countIf(at[place] > 0), ${percentiles('at[place] - at[1]', 'at[place] > 0')},
          ${percentiles('left - at[place]', 'at[place] > 0 and left > 0')}
          from (select at, place, if(place < 4 and at[place + 1] > 0, at[place + 1], done) as left
            from runs array join [1, 2, 3, 4] as place) group by place`,
        `${funnelRuns} select toDate(begun, 'UTC') as day, count(), countIf(done > 0) from runs group by day`,
      ].map((sql) => sql.replace('OF_FIRST', ofFirst)),
      normalize: inLines,
    },
    {
      name: `journeys${name}`,
      standard: true,
      answer: async () => {
        const input = getJourneyAnalytics.input.parse({ ...asked, journey: 'onboarding' })
        const { started, completed, durationMs, ...all } = await analyzeJourneys(input, caller)
        return [
          ['all', started, completed, ...both(durationMs)],
          ...all.topPaths.map(({ path, count, completionRate }) => [path.join(' > '), count, completionRate]),
          ...all.steps.map((one) => [one.name, one.visits, one.users, one.exits, ...both(one.timeOnStepMs)]),
          ...all.transitions.map(({ from, to, count }) => [from, to, count]),
          ...all.series
            .filter((one) => one.started > 0)
            .map((one) => [dayOf(one.at), one.started, one.completed]),
        ]
      },
      clickhouse: [
        `${journeyRuns} select 'all', count(), countIf(done > 0), ${percentiles('done - start', 'done > 0')} from runs`,
        `${journeyRuns} select arrayStringConcat(path, ' > ') as steps, count(), countIf(done > 0) / count()
          from runs group by steps`,
        `${journeyRuns} select step, count(), uniqExact(user_id), countIf(next = '' and done = 0),
          ${percentiles('left - at', 'left > 0')} from (${journeyVisits}) group by step`,
        `${journeyRuns} select step, next, count() from (${journeyVisits}) where next != '' group by step, next`,
        `${journeyRuns} select toDate(begun, 'UTC') as day, count(), countIf(done > 0) from runs group by day`,
      ].map((sql) => sql.replace('OF_FIRST', ofFirst)),
      normalize: inLines,
    },
  ]
}

const begunInRange = `having begun >= '${range.from.toISOString().slice(0, 10)} 00:00:00'
  and begun < '${range.to.toISOString().slice(0, 10)} 00:00:00'OF_FIRST`

/** Of each user the time of each step of the earliest pass, which gets furthest when the window is the range; 0 for none. */
const eventPasses = `
  with passes as (
    select user_id, minIf(toUnixTimestamp64Milli(occurred_at), name = 'page_view') as t1,
      arrayMin(arrayFilter(x -> x >= t1, groupArrayIf(toUnixTimestamp64Milli(occurred_at), name = 'click'))) as t2,
      arrayMin(arrayFilter(x -> t2 > 0 and x >= t2, groupArrayIf(toUnixTimestamp64Milli(occurred_at), name = 'search'))) as t3,
      [t1, t2, t3, 0] as at
    from bench.user_events where name in ('page_view', 'click', 'search') and ${within}
    group by user_id having t1 > 0
  )`

/** Of each run the time of each stage, by its order, and of the completion; 0 for none. */
const funnelRuns = `
  with runs as (
    select user_id, run_id, min(occurred_at) as begun,
      maxIf(toUnixTimestamp64Milli(occurred_at), completed) as done,
      arrayMap(place -> arrayMin(arrayMap(x -> x.2, arrayFilter(x -> x.1 = place,
        groupArray((stage_order, toUnixTimestamp64Milli(occurred_at)))))), [1, 2, 3, 4]) as at
    from bench.conversion_funnels where funnel = 'checkout' group by user_id, run_id ${begunInRange}
  )`

/** Of each run its steps in order, when they were, and when it was complete; 0 for never. */
const journeyRuns = `
  with runs as (
    select user_id, run_id, min(occurred_at) as begun, toUnixTimestamp64Milli(begun) as start,
      maxIf(toUnixTimestamp64Milli(occurred_at), completed) as done,
      arraySort(x -> x.1, groupArrayIf((toUnixTimestamp64Milli(occurred_at), assumeNotNull(step)), not completed)) as visits,
      arrayMap(x -> x.2, visits) as path
    from bench.user_journeys where journey = 'onboarding' group by user_id, run_id ${begunInRange}
  )`

const journeyVisits = `
  select user_id, done, visit.2 as step, visit.1 as at, following.2 as next, if(next = '', done, following.1) as left
  from runs array join visits as visit, arrayPushBack(arrayPopFront(visits), (0, '')) as following`

const percentiles = (ms: string, condition = '1'): string =>
  [0.5, 0.9].map((share) => `quantileExactInclusiveIf(${share})(${ms}, ${condition})`).join(', ')

function funnelLines({
  stages,
  series,
}: Pick<Awaited<ReturnType<typeof analyzeFunnel>>, 'stages' | 'series'>): unknown[][] {
  return [
    ...stages.map((one) => [one.order, one.entered, ...both(one.timeToStageMs), ...both(one.timeInStageMs)]),
    ...series
      .filter(({ entered }) => entered > 0)
      .map(({ at, entered, completed }) => [dayOf(at), entered, completed]),
  ]
}

const both = ({ p50, p90 }: { p50: number | null; p90: number | null }) => [p50, p90]
const dayOf = (at: string): string => at.slice(0, 10)

/** Each row as a line, whatever its columns are called, numbers to three places. */
function inLines(rows: (Record<string, unknown> | unknown[])[]): string[] {
  const word = (value: unknown) =>
    Number.isFinite(Number(value)) ? Number(value ?? 0).toFixed(3) : String(value)
  return rows.map((row) => Object.values(row).map(word).join(' ')).sort()
}
