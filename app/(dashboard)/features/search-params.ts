import { createLoader } from 'nuqs/server'
import { featureListParsers } from '@/components/analytics/features/search-params'

export const loadSearch = createLoader(featureListParsers)
