import { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel } from '@/lib/analytics/funnels/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getFunnelAnalytics, analyzeFunnel)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
