import { changePassword } from '@/lib/access/password/contract'
import { replacePassword } from '@/lib/access/password/service'
import { only, route } from '@/lib/http/route'

export const POST = route(changePassword, replacePassword)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
