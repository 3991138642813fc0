import { completeFunnel } from '@/lib/analytics/funnels/contract'
import { recordFunnelCompletion } from '@/lib/analytics/funnels/service'
import { only, route } from '@/lib/http/route'

export const POST = route(completeFunnel, recordFunnelCompletion)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
