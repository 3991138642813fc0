import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { only, route } from '@/lib/http/route'

export const POST = route(trackBatch, recordEvents)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
