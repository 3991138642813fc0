import { acceptInvitation } from '@/lib/access/invitations/contract'
import { choosePassword } from '@/lib/access/invitations/service'
import { only, route } from '@/lib/http/route'

export const POST = route(acceptInvitation, choosePassword)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
