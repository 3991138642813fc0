import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getJourneyAnalytics, analyzeJourneys)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
