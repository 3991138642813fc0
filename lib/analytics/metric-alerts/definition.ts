import type { MetricAlertRow } from '@/db/queries/analytics/metric-alerts'
import type { Metric, MetricAlertDefinition } from '@/lib/analytics/metric-alerts/contract'

/** What a stored metric alert says. What was let in has the shape of the contract. */
export const definitionOf = (row: MetricAlertRow): MetricAlertDefinition => ({
  ...row,
  metric: row.metric as Metric,
})
