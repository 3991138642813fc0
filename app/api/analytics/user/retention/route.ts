import { getRetention } from '@/lib/analytics/retention/contract'
import { findRetention } from '@/lib/analytics/retention/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getRetention, findRetention)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
