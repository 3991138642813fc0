import { lookUpInvitation } from '@/lib/access/invitations/contract'
import { readInvitation } from '@/lib/access/invitations/service'
import { only, route } from '@/lib/http/route'

export const POST = route(lookUpInvitation, readInvitation)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
