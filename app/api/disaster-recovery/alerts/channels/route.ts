import { only, route } from '@/lib/http/route'
import { listChannels } from '@/lib/recovery/alerts/channels/contract'
import { readChannels } from '@/lib/recovery/alerts/channels/service'

export const GET = route(listChannels, readChannels)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
