import { endSessions } from '@/lib/access/sessions/contract'
import { endAll } from '@/lib/access/sessions/service'
import { only, route } from '@/lib/http/route'

export const POST = route(endSessions, endAll)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
