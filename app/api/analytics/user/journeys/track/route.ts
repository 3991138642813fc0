import { trackStep } from '@/lib/analytics/journeys/contract'
import { recordStep } from '@/lib/analytics/journeys/service'
import { only, route } from '@/lib/http/route'

export const POST = route(trackStep, recordStep)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
