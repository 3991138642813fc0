import { listEvents } from '@/lib/analytics/events/contract'
import { findEvents } from '@/lib/analytics/events/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listEvents, findEvents)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
