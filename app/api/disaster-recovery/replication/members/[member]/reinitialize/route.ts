import { only, route } from '@/lib/http/route'
import { reinitializeMember } from '@/lib/recovery/members/contract'
import { reinitialize } from '@/lib/recovery/members/service'

export const POST = route(reinitializeMember, reinitialize)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
