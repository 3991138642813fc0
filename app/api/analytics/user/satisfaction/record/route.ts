import { recordSatisfaction } from '@/lib/analytics/satisfaction/contract'
import { recordResponse } from '@/lib/analytics/satisfaction/service'
import { only, route } from '@/lib/http/route'

export const POST = route(recordSatisfaction, recordResponse)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
