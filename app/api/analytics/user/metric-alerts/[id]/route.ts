import { deleteMetricAlert, replaceMetricAlert } from '@/lib/analytics/metric-alerts/contract'
import { changeMetricAlert, forgetMetricAlert } from '@/lib/analytics/metric-alerts/service'
import { only, route } from '@/lib/http/route'

export const PUT = route(replaceMetricAlert, changeMetricAlert)
export const DELETE = route(deleteMetricAlert, forgetMetricAlert)
export const { GET, POST, PATCH, OPTIONS } = only('PUT', 'DELETE')
