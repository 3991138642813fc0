import { only, route } from '@/lib/http/route'
import { getDetailedHealth } from '@/lib/recovery/health/contract'
import { checkAll } from '@/lib/recovery/health/service'

export const GET = route(getDetailedHealth, checkAll)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
