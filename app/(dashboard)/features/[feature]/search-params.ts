import { createLoader } from 'nuqs/server'
import { featureParsers } from '@/components/analytics/features/search-params'

export const loadSearch = createLoader(featureParsers)
