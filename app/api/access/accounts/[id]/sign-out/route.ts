import { endAccountSessions } from '@/lib/access/accounts/contract'
import { signOut } from '@/lib/access/accounts/service'
import { only, route } from '@/lib/http/route'

export const POST = route(endAccountSessions, signOut)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
