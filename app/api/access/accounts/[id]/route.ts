import { deleteAccount, updateAccount } from '@/lib/access/accounts/contract'
import { changeAccount, forgetAccount } from '@/lib/access/accounts/service'
import { only, route } from '@/lib/http/route'

export const PATCH = route(updateAccount, changeAccount)
export const DELETE = route(deleteAccount, forgetAccount)
export const { GET, POST, PUT, OPTIONS } = only('PATCH', 'DELETE')
