import { identifyUser } from '@/lib/analytics/users/contract'
import { identify } from '@/lib/analytics/users/identify'
import { only, route } from '@/lib/http/route'

export const POST = route(identifyUser, identify)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
