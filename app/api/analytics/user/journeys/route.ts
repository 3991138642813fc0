import { listJourneyRuns } from '@/lib/analytics/journeys/contract'
import { findJourneyRuns } from '@/lib/analytics/journeys/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listJourneyRuns, findJourneyRuns)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
