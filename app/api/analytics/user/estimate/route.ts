import { getEstimate } from '@/lib/analytics/estimate/contract'
import { estimate } from '@/lib/analytics/estimate/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getEstimate, estimate)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
