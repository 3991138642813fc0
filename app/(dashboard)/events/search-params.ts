import { createLoader } from 'nuqs/server'
import { eventParsers } from '@/components/analytics/search-params'

export const loadSearch = createLoader(eventParsers)
