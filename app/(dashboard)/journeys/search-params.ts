import { createLoader } from 'nuqs/server'
import { journeyParsers } from '@/components/analytics/journeys/search-params'

export const loadSearch = createLoader(journeyParsers)
