import { only, route } from '@/lib/http/route'
import { approvePlan } from '@/lib/recovery/failover/contract'
import { approve } from '@/lib/recovery/failover/service'

export const POST = route(approvePlan, approve)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
