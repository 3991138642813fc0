import { only, route } from '@/lib/http/route'
import { getAlerts } from '@/lib/recovery/alerts/contract'
import { readAlerts } from '@/lib/recovery/alerts/service'

export const GET = route(getAlerts, readAlerts)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
