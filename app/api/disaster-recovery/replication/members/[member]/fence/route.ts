import { only, route } from '@/lib/http/route'
import { fenceMember } from '@/lib/recovery/members/contract'
import { fence } from '@/lib/recovery/members/service'

export const POST = route(fenceMember, fence)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
