import { createLoader } from 'nuqs/server'
import { rangeParsers } from '@/components/analytics/search-params'

export const loadSearch = createLoader(rangeParsers)
