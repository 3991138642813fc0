import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { analyzeEvents } from '@/lib/analytics/events/service'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel } from '@/lib/analytics/funnels/service'
import { isChange, type Metric, type MetricAlertDefinition } from '@/lib/analytics/metric-alerts/contract'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { formatPercent } from '@/lib/recovery/format'

const HOUR_MS = 3_600_000

/** A number, and of how many records it is. */
interface Counted {
  value: number | null
  of: number
}

/** What was measured of a metric alert, and how it stands to its bound. */
export interface Measurement {
  value: number | null
  /** Of as many hours before; null where it is not compared with. */
  before: number | null
  /** What the bound is put against; null where nothing can be said. */
  compared: number | null
  bad: 'above' | 'below'
  detail: string
}

type Asked = Pick<MetricAlertDefinition, 'metric' | 'condition' | 'windowHours' | 'atLeast'>

/**
 * Measures as the pages do: the same services, over the hours up to `at`.
 *
 * @param at milliseconds since 1970
 */
export async function measureMetric(asked: Asked, project: Project, at: number): Promise<Measurement> {
  const { metric, condition, windowHours } = asked
  const caller: ProjectCaller = { project, account: null, receivedAt: at, userAgent: null }
  const range = {
    from: new Date(at - windowHours * HOUR_MS).toISOString(),
    to: new Date(at).toISOString(),
    ...(isChange(condition) && { compare: 'previous' as const }),
  }
  const { now, before } = await count(metric, range, caller)
  return isChange(condition) ? judgeChange(asked, now, before) : judgeLevel(asked, now)
}

function judgeLevel({ metric, condition, windowHours, atLeast }: Asked, now: Counted): Measurement {
  const bad = condition === 'below' ? ('below' as const) : ('above' as const)
  const span = `in the last ${hours(windowHours)}`
  const isEnough = metric.kind === 'event' || now.of >= atLeast
  return {
    value: now.value,
    before: null,
    compared: isEnough ? now.value : null,
    bad,
    detail: isEnough ? `${say(metric, now)} ${span}` : tooFew(metric, now.of, span, atLeast),
  }
}

function judgeChange(asked: Asked, now: Counted, before: Counted): Measurement {
  const { metric, condition, windowHours, atLeast } = asked
  const span = `in the ${hours(windowHours)} before`
  const measured = { value: now.value, before: before.value, bad: 'above' as const }
  const missing = (of: number, span: string) => ({
    ...measured,
    compared: null,
    detail: tooFew(metric, of, span, atLeast),
  })
  if (before.of < atLeast) return missing(before.of, span)
  if (metric.kind !== 'event' && now.of < atLeast) return missing(now.of, `in the last ${hours(windowHours)}`)
  const change = changeOf(metric, now.value, before.value)
  return {
    ...measured,
    compared: change === null ? null : condition === 'rises' ? change : -change,
    detail: `${say(metric, now)} in the last ${hours(windowHours)}, ${say(metric, before)} ${span}${sayChange(metric, change)}`,
  }
}

/** A score in points, since it may be 0 or below; all else as a share of what it was. */
function changeOf({ kind }: Metric, now: number | null, before: number | null): number | null {
  if (now === null || before === null) return null
  if (kind === 'survey') return now - before
  return before === 0 ? null : (now - before) / before
}

async function count(
  metric: Metric,
  range: { from: string; to: string; compare?: 'previous' },
  caller: ProjectCaller,
): Promise<{ now: Counted; before: Counted }> {
  const none: Counted = { value: null, of: 0 }
  switch (metric.kind) {
    case 'event': {
      const input = getEventAnalytics.input.parse({ ...range, name: metric.name, limit: 1 })
      const { totals, previous } = await analyzeEvents(input, caller)
      const of = ({ events }: typeof totals): Counted => ({ value: events, of: events })
      return { now: of(totals), before: previous ? of(previous.totals) : none }
    }
    case 'feature': {
      const input = getFeatureStats.input.parse({ ...range, name: metric.name, limit: 1 })
      const { features, previous } = await measureFeatures(input, caller)
      const of = (feature: Uses | undefined): Counted =>
        feature ? { value: feature.successRate, of: feature.opened + feature.used + feature.completed } : none
      return { now: of(features[0]), before: of(previous?.features[0]) }
    }
    case 'funnel': {
      const input = getFunnelAnalytics.input.parse({ ...range, funnel: metric.name })
      const funnel = await analyzeFunnel(input, caller)
      const of = ({ conversionRate, entered }: Rates): Counted => ({ value: conversionRate, of: entered })
      return { now: of(funnel), before: funnel.previous ? of(funnel.previous) : none }
    }
    case 'survey': {
      const input = getSatisfactionMetrics.input.parse({ ...range, survey: metric.survey })
      const scores = await measureSatisfaction(input, caller)
      const of = ({ score, responses }: Scores): Counted => ({ value: score, of: responses })
      return { now: of(scores), before: scores.previous ? of(scores.previous) : none }
    }
  }
}

interface Uses {
  successRate: number | null
  opened: number
  used: number
  completed: number
}
interface Rates {
  conversionRate: number | null
  entered: number
}
interface Scores {
  score: number | null
  responses: number
}

const NOUNS: Record<Metric['kind'], string> = {
  event: 'events',
  feature: 'records of the feature',
  funnel: 'entries',
  survey: 'responses',
}

const whole = (value: number): string => value.toLocaleString('en-US')
const point = (value: number): string => String(Number(value.toFixed(1)))
const hours = (count: number): string =>
  count % 24 === 0 && count > 24 ? `${count / 24} days` : `${count} h`

function say({ kind }: Metric, { value, of }: Counted): string {
  if (value === null) return 'nothing to measure'
  if (kind === 'event') return whole(value)
  return `${kind === 'survey' ? point(value) : formatPercent(value)} of ${whole(of)} ${NOUNS[kind]}`
}

function sayChange({ kind }: Metric, change: number | null): string {
  if (change === null) return ''
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±'
  const size = Math.abs(change)
  return `: ${sign}${kind === 'survey' ? `${point(size)} points` : formatPercent(size)}`
}

const tooFew = ({ kind }: Metric, of: number, span: string, atLeast: number): string =>
  `${whole(of)} ${NOUNS[kind]} ${span}, at least ${whole(atLeast)} needed`
