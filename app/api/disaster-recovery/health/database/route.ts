import { only, route } from '@/lib/http/route'
import { getDatabaseHealth } from '@/lib/recovery/health/contract'
import { checkDatabase } from '@/lib/recovery/health/service'

export const GET = route(getDatabaseHealth, checkDatabase)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
