import type { Survey } from '@/components/analytics/satisfaction/surveys'
import type {
  Condition,
  Metric,
  MetricAlert,
  MetricAlertDefinition,
} from '@/lib/analytics/metric-alerts/contract'
import { unitOf } from './words'

/** What the form holds. */
export interface MetricValues {
  name: string
  kind: Metric['kind']
  /** Of the event, feature or funnel. */
  metric: string
  survey: Survey
  condition: Condition
  bound: number | string
  windowHours: string
  atLeast: number | string
  active: boolean
}

/** What else there is to be measured than a count is measured of at least so many. */
const ENOUGH = 30

export function valuesOf(alert: MetricAlert | undefined): MetricValues {
  const { metric, condition = 'above', bound } = alert ?? {}
  const kind = metric?.kind ?? 'event'
  return {
    name: alert?.name ?? '',
    kind,
    metric: metric && metric.kind !== 'survey' ? metric.name : '',
    survey: metric?.kind === 'survey' ? metric.survey : 'nps',
    condition,
    bound: bound === undefined ? '' : Number((bound / unitOf(kind, condition).worth).toFixed(4)),
    windowHours: String(alert?.windowHours ?? 24),
    atLeast: alert?.atLeast ?? ENOUGH,
    active: alert?.active ?? true,
  }
}

/** What is sent of them. */
export function toDefinition(values: MetricValues): MetricAlertDefinition {
  const { name, kind, metric, survey, condition, bound, windowHours, atLeast, active } = values
  return {
    name,
    metric: kind === 'survey' ? { kind, survey } : { kind, name: metric.trim() },
    condition,
    bound: Number((Number(bound) * unitOf(kind, condition).worth).toPrecision(12)),
    windowHours: Number(windowHours),
    atLeast: Number(atLeast),
    active,
  }
}

export const checks = {
  name: (value: string) => (value.trim() ? null : 'A name is needed'),
  metric: (value: string, { kind }: MetricValues) =>
    kind === 'survey' || value.trim() ? null : 'Which one is needed',
  bound: (value: number | string) => (value === '' ? 'A number is needed' : null),
  atLeast: (value: number | string) => (value === '' ? 'A number is needed' : null),
}
