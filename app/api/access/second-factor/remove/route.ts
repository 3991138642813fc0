import { removeSecondFactor } from '@/lib/access/second-factor/contract'
import { dropSecondFactor } from '@/lib/access/second-factor/service'
import { only, route } from '@/lib/http/route'

export const POST = route(removeSecondFactor, dropSecondFactor)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
