import { listActiveMetricAlerts, type MetricAlertRow } from '@/db/queries/analytics/metric-alerts'
import type { Project } from '@/lib/access/caller'
import { isChange, type Metric } from '@/lib/analytics/metric-alerts/contract'
import { definitionOf } from '@/lib/analytics/metric-alerts/definition'
import { measureMetric } from '@/lib/analytics/metric-alerts/measure'
import { leader } from '@/lib/database'
import { Problem } from '@/lib/http/problem'
import { log } from '@/lib/log'
import { lookAtMetrics, type MeasuredMetric } from '@/lib/recovery/alerts/metrics'
import { isOurs } from '@/lib/recovery/watch'

/** Measures what is watched, one after the other, and has what changed told. @param at milliseconds since 1970 */
export async function watchMetrics(at = Date.now()): Promise<void> {
  if (!isOurs()) return
  const measured: MeasuredMetric[] = []
  for (const { alert, project } of await listActiveMetricAlerts(leader())) {
    const { id, name, bound, changedAt } = alert
    const found = await measureMetric(definitionOf(alert), project, at).catch((error) => {
      const isKnown = error instanceof Problem
      if (!isKnown || error.status !== 404)
        log('warn', 'a metric alert was not measured', { alert: id, error })
      const detail = isKnown ? error.message : 'it could not be measured'
      return { value: null, before: null, compared: null, bad: 'above' as const, detail }
    })
    measured.push({
      ...{ id, name, bound },
      ...found,
      changedAt: changedAt.getTime(),
      about: aboutOf(alert, project),
    })
  }
  await lookAtMetrics(measured, at)
}

const UNITS: Record<Metric['kind'], string> = {
  event: 'events',
  feature: 'share',
  funnel: 'share',
  survey: 'score',
}

function aboutOf(row: MetricAlertRow, { id, name }: Project): MeasuredMetric['about'] {
  const { kind } = definitionOf(row).metric
  return {
    project: { id, name },
    unit: isChange(row.condition) ? (kind === 'survey' ? 'points' : 'share') : UNITS[kind],
    why: 'A metric alert of the project has passed its bound.',
    action: 'Look at the number’s page: over time, and by device, browser or another dimension.',
    page: `/metric-alerts?project=${id}`,
  }
}
