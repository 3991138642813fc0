import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listPropertyKeys, findPropertyKeys)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
