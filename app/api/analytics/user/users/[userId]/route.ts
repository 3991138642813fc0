import { deleteUser, getUser } from '@/lib/analytics/users/contract'
import { eraseUser } from '@/lib/analytics/users/erasure'
import { findUser } from '@/lib/analytics/users/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getUser, findUser)
export const DELETE = route(deleteUser, eraseUser)
export const { POST, PUT, PATCH, OPTIONS } = only('GET', 'DELETE')
