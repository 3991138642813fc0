import { only, route } from '@/lib/http/route'
import { deleteChannel, saveChannel } from '@/lib/recovery/alerts/channels/contract'
import { keepChannel, removeChannel } from '@/lib/recovery/alerts/channels/service'

export const PUT = route(saveChannel, keepChannel)
export const DELETE = route(deleteChannel, removeChannel)
export const { GET, POST, PATCH, OPTIONS } = only('PUT', 'DELETE')
