import { listResponses } from '@/lib/analytics/satisfaction/contract'
import { findResponses } from '@/lib/analytics/satisfaction/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listResponses, findResponses)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
