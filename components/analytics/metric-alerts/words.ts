import { surveyWords } from '@/components/analytics/satisfaction/surveys'
import { formatNumber, formatShare } from '@/components/ui/format'
import {
  type Condition,
  isChange,
  type Metric,
  type MetricAlertDefinition,
} from '@/lib/analytics/metric-alerts/contract'

/** What there is to say about metric alerts: what is measured, when it fires, and in which unit. */

export const kinds: Record<Metric['kind'], { label: string; what: string; of: string }> = {
  event: { label: 'Event', what: 'count', of: 'events' },
  feature: { label: 'Feature', what: 'success rate', of: 'records' },
  funnel: { label: 'Funnel', what: 'conversion', of: 'entries' },
  survey: { label: 'Survey', what: 'score', of: 'responses' },
}

export const conditions: Record<Condition, string> = {
  above: 'is at or above',
  below: 'is below',
  rises: 'rises by',
  falls: 'falls by',
}

/** How a bound is typed and shown: the text behind it, and what a one in the field is worth. */
export function unitOf(kind: Metric['kind'], condition: Condition): { suffix: string; worth: number } {
  if (kind === 'survey') return { suffix: isChange(condition) ? ' points' : '', worth: 1 }
  if (kind === 'event' && !isChange(condition)) return { suffix: '', worth: 1 }
  return { suffix: '%', worth: 0.01 }
}

/** “the conversion of checkout” */
export const describeMetric = (metric: Metric): string =>
  metric.kind === 'survey'
    ? surveyWords[metric.survey].label
    : `the ${kinds[metric.kind].what} of ${metric.name}`

/** “falls by 20% in 7 days” */
export function describeCondition({ metric, condition, bound, windowHours }: MetricAlertDefinition): string {
  const { suffix, worth } = unitOf(metric.kind, condition)
  const shown = worth === 1 ? `${formatNumber(bound)}${suffix}` : formatShare(bound).replace('.0%', '%')
  return `${conditions[condition]} ${shown} in ${describeWindow(windowHours)}`
}

export function describeWindow(hours: number): string {
  if (hours === 1) return 'an hour'
  return hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`
}
