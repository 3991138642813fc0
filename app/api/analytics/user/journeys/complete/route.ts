import { completeJourney } from '@/lib/analytics/journeys/contract'
import { recordJourneyCompletion } from '@/lib/analytics/journeys/service'
import { only, route } from '@/lib/http/route'

export const POST = route(completeJourney, recordJourneyCompletion)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
