import { createKey, listKeys } from '@/lib/access/keys/contract'
import { findKeys, makeKey } from '@/lib/access/keys/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listKeys, findKeys)
export const POST = route(createKey, makeKey)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
