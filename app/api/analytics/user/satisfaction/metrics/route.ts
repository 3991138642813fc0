import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getSatisfactionMetrics, measureSatisfaction)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
