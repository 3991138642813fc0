import { inviteAccount, listAccounts } from '@/lib/access/accounts/contract'
import { findAccounts, invite } from '@/lib/access/accounts/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listAccounts, findAccounts)
export const POST = route(inviteAccount, invite)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
