import { createLoader } from 'nuqs/server'
import { retentionParsers } from '@/components/analytics/retention/search-params'

export const loadSearch = createLoader(retentionParsers)
