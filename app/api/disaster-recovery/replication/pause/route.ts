import { only, route } from '@/lib/http/route'
import { pauseEngine } from '@/lib/recovery/members/contract'
import { pause } from '@/lib/recovery/members/service'

export const POST = route(pauseEngine, pause)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
