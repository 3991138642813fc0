import { resetSecondFactor } from '@/lib/access/accounts/contract'
import { takeSecondFactor } from '@/lib/access/accounts/service'
import { only, route } from '@/lib/http/route'

export const POST = route(resetSecondFactor, takeSecondFactor)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
