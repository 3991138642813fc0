import { only, route } from '@/lib/http/route'
import { listFiringAlerts } from '@/lib/recovery/alerts/contract'
import { readFiringAlerts } from '@/lib/recovery/alerts/service'

export const GET = route(listFiringAlerts, readFiringAlerts)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
