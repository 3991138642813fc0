import { only, route } from '@/lib/http/route'
import { failOver } from '@/lib/recovery/failover/contract'
import { failOverAs } from '@/lib/recovery/failover/service'

export const POST = route(failOver, failOverAs)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
