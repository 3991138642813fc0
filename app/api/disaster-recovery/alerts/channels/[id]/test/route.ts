import { only, route } from '@/lib/http/route'
import { testChannel } from '@/lib/recovery/alerts/channels/contract'
import { tryChannel } from '@/lib/recovery/alerts/channels/service'

export const POST = route(testChannel, tryChannel)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
