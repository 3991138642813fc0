import { revokeKey } from '@/lib/access/keys/contract'
import { withdrawKey } from '@/lib/access/keys/service'
import { only, route } from '@/lib/http/route'

export const DELETE = route(revokeKey, withdrawKey)
export const { GET, POST, PUT, PATCH, OPTIONS } = only('DELETE')
