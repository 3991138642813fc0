import { createLoader } from 'nuqs/server'
import { userListParsers } from '@/components/analytics/users/search-params'

export const loadSearch = createLoader(userListParsers)
