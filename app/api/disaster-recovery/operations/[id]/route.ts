import { only, route } from '@/lib/http/route'
import { getOperation } from '@/lib/recovery/operations/contract'
import { readOperation } from '@/lib/recovery/operations/service'

export const GET = route(getOperation, readOperation)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
