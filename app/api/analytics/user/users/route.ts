import { listUsers } from '@/lib/analytics/users/contract'
import { findUsers } from '@/lib/analytics/users/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listUsers, findUsers)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
