import { createLoader } from 'nuqs/server'
import { userParsers } from '@/components/analytics/users/search-params'

export const loadSearch = createLoader(userParsers)
