import { resetSecondFactor } from '@/lib/access/accounts/contract'
import { takeSecondFactor } from '@/lib/access/accounts/service'
import { only, route } from '@/lib/http/route'

export const DELETE = route(resetSecondFactor, takeSecondFactor)
export const { GET, POST, PUT, PATCH, OPTIONS } = only('DELETE')
