import { only, route } from '@/lib/http/route'
import { getReplicationSamples } from '@/lib/recovery/samples/contract'
import { readReplicationSamples } from '@/lib/recovery/samples/service'

export const GET = route(getReplicationSamples, readReplicationSamples)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
