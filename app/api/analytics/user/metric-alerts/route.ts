import { createMetricAlert, listMetricAlerts } from '@/lib/analytics/metric-alerts/contract'
import { findMetricAlerts, makeMetricAlert } from '@/lib/analytics/metric-alerts/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listMetricAlerts, findMetricAlerts)
export const POST = route(createMetricAlert, makeMetricAlert)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
