import { listFunnelNames } from '@/lib/analytics/funnels/contract'
import { findFunnelNames } from '@/lib/analytics/funnels/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listFunnelNames, findFunnelNames)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
