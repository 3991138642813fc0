import { only, route } from '@/lib/http/route'
import { getPlan } from '@/lib/recovery/failover/contract'
import { findPlan } from '@/lib/recovery/failover/service'

export const GET = route(getPlan, findPlan)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
