import { listFunnels, saveFunnel } from '@/lib/analytics/funnels/contract'
import { findFunnels, keepFunnel } from '@/lib/analytics/funnels/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listFunnels, findFunnels)
export const POST = route(saveFunnel, keepFunnel)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
