import { only, route } from '@/lib/http/route'
import { listOperations } from '@/lib/recovery/operations/contract'
import { readOperations } from '@/lib/recovery/operations/service'

export const GET = route(listOperations, readOperations)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
