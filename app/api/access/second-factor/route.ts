import { addSecondFactor, beginSecondFactor, getSecondFactor } from '@/lib/access/second-factor/contract'
import { keepSecondFactor, offerSecondFactor, readSecondFactor } from '@/lib/access/second-factor/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getSecondFactor, readSecondFactor)
export const POST = route(beginSecondFactor, offerSecondFactor)
export const PUT = route(addSecondFactor, keepSecondFactor)
export const { PATCH, DELETE, OPTIONS } = only('GET', 'POST', 'PUT')
