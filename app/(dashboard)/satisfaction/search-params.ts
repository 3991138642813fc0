import { createLoader } from 'nuqs/server'
import { satisfactionParsers } from '@/components/analytics/satisfaction/search-params'

export const loadSearch = createLoader(satisfactionParsers)
