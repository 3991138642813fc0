import { only, route } from '@/lib/http/route'
import { cancelScheduled } from '@/lib/recovery/failover/contract'
import { cancelScheduledSwitchover } from '@/lib/recovery/failover/service'

export const POST = route(cancelScheduled, cancelScheduledSwitchover)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
