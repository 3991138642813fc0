import { exportUser } from '@/lib/analytics/users/contract'
import { exportUserData } from '@/lib/analytics/users/erasure'
import { only, route } from '@/lib/http/route'

export const GET = route(exportUser, exportUserData)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
