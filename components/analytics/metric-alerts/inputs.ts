import { given } from '@/components/analytics/inputs'
import type { listMetricAlerts } from '@/lib/analytics/metric-alerts/contract'
import type { InputOf } from '@/lib/http/client'

/** What the page of metric alerts asks for, on the server and in the browser. */
export const metricAlertsInput = (project: string | null): InputOf<typeof listMetricAlerts> =>
  given({ project })
