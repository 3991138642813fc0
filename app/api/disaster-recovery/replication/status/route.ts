import { only, route } from '@/lib/http/route'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { readReplicationStatus } from '@/lib/recovery/replication/service'

export const GET = route(getReplicationStatus, readReplicationStatus)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
