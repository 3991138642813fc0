import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { analyzeEvents } from '@/lib/analytics/events/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getEventAnalytics, analyzeEvents)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
