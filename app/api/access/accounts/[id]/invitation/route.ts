import { renewInvitation } from '@/lib/access/accounts/contract'
import { makeLink } from '@/lib/access/accounts/service'
import { only, route } from '@/lib/http/route'

export const POST = route(renewInvitation, makeLink)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
