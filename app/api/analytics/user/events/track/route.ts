import { trackEvent } from '@/lib/analytics/events/contract'
import { recordEvent } from '@/lib/analytics/events/service'
import { only, route } from '@/lib/http/route'

export const POST = route(trackEvent, recordEvent)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
