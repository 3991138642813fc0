import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel } from '@/lib/analytics/funnels/service'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { getRetention } from '@/lib/analytics/retention/contract'
import { findRetention } from '@/lib/analytics/retention/service'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { type Panel, range, within } from './panels'

/**
 * Whole answers of the other pages, as their endpoints give them, with all they hold; ClickHouse is asked for the
 * numbers that are compared alone.
 */
export function servicePanels(project: Project): Panel[] {
  const caller: ProjectCaller = {
    project,
    account: null,
    receivedAt: range.to.getTime(),
    userAgent: null,
  }
  const asked = { from: range.from.toISOString(), to: range.to.toISOString() }
  const steps = ['page_view', 'click', 'search'].map((name) => ({ name }))
  return [
    {
      name: 'retention by week',
      standard: true,
      answer: async () =>
        (await findRetention(getRetention.input.parse({ ...asked, interval: 'week' }), caller)).cohorts.map(
          ({ at, returned }) => ({ at, returned: returned.map(({ users }) => users) }),
        ),
      clickhouse: `
        with seen as (
          select user_id, toMonday(toDate(occurred_at, 'UTC')) as week from bench.user_events
          where occurred_at < '${asked.to.slice(0, 10)} 00:00:00' group by 1, 2
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
      name: 'features',
      standard: true,
      answer: async () => (await measureFeatures(getFeatureStats.input.parse(asked), caller)).features,
      clickhouse: `
        select feature as name, countIf(action = 'used') as used, uniqExact(user_id) as users,
          countIf(success) / count() as successRate, quantileExactInclusive(0.9)(duration_ms) as p90
        from bench.feature_usage where ${within} group by feature`,
      normalize: (
        rows: {
          name: string
          used: number
          users: number
          successRate: number
          p90?: number
          durationMs?: { p90: number }
        }[],
      ) =>
        rows
          .map((row) =>
            [
              row.name,
              row.used,
              row.users,
              row.successRate.toFixed(6),
              (row.p90 ?? row.durationMs?.p90)?.toFixed(3),
            ].join(),
          )
          .sort(),
    },
    {
      name: 'satisfaction, nps',
      standard: true,
      answer: async () => [await measureSatisfaction(getSatisfactionMetrics.input.parse(asked), caller)],
      clickhouse: `
        select countIf(score >= 9) as promoters, countIf(score <= 6) as detractors, count() as responses
        from bench.user_satisfaction where survey = 'nps' and ${within}`,
      normalize: ([row]: Record<string, unknown>[]) =>
        [row?.promoters, row?.detractors, row?.responses].join(),
    },
    {
      name: 'funnel of stages',
      standard: true,
      answer: async () =>
        (
          await analyzeFunnel(getFunnelAnalytics.input.parse({ ...asked, funnel: 'checkout' }), caller)
        ).stages.map(({ entered, timeToStageMs }) => ({ entered, p50: timeToStageMs.p50 })),
      clickhouse: `
        with runs as (
          select user_id, run_id, min(occurred_at) as begun,
            arrayMap(place -> arrayMin(arrayMap(x -> x.2, arrayFilter(x -> x.1 = place, groupArray((stage_order, toUnixTimestamp64Milli(occurred_at)))))), [1, 2, 3, 4]) as at
          from bench.conversion_funnels where funnel = 'checkout' group by 1, 2
          having begun >= '${asked.from.slice(0, 10)} 00:00:00' and begun < '${asked.to.slice(0, 10)} 00:00:00'
        )
        select place, countIf(at[place] > 0) as entered, quantileExactInclusiveIf(0.5)(at[place] - at[1], at[place] > 0) as p50
        from runs array join [1, 2, 3, 4] as place group by place order by place`,
      normalize: (rows: { entered: number; p50: number }[]) =>
        rows.map((row) => `${row.entered} after ${Number(row.p50).toFixed(1)}`),
    },
    {
      name: 'journeys',
      standard: true,
      answer: async () =>
        (await analyzeJourneys(getJourneyAnalytics.input.parse({ ...asked, journey: 'onboarding' }), caller))
          .topPaths,
      clickhouse: `
        select path, count() as count from (
          select arrayMap(x -> x.2, arraySort(x -> x.1, groupArrayIf((occurred_at, assumeNotNull(step)), not completed))) as path,
            min(occurred_at) as begun
          from bench.user_journeys group by user_id, run_id
          having begun >= '${asked.from.slice(0, 10)} 00:00:00' and begun < '${asked.to.slice(0, 10)} 00:00:00'
        ) group by path order by count desc, path limit 20`,
      normalize: (rows: { path: string[]; count: number }[]) =>
        rows.map((row) => `${row.path.join(' > ')}: ${row.count}`).sort(),
    },
    {
      name: 'ad-hoc funnel of three events',
      standard: false,
      answer: async () =>
        (
          await analyzeFunnel(
            getFunnelAnalytics.input.parse({
              ...asked,
              funnel: 'ad hoc',
              definition: JSON.stringify({ steps, window: '30d' }),
            }),
            caller,
          )
        ).stages.map(({ entered }) => ({ entered })),
      clickhouse: `
        select countIf(level >= place) as entered from (
          select user_id, windowFunnel(2592000000)(toUInt64(toUnixTimestamp64Milli(occurred_at)), name = 'page_view', name = 'click', name = 'search') as level
          from bench.user_events where name in ('page_view', 'click', 'search') and ${within} group by user_id
        ) array join [1, 2, 3] as place group by place order by place`,
      normalize: (rows: { entered: number }[]) => rows.map((row) => String(row.entered)),
    },
  ]
}
