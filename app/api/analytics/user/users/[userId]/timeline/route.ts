import { listUserRecords } from '@/lib/analytics/users/contract'
import { findUserRecords } from '@/lib/analytics/users/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listUserRecords, findUserRecords)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
