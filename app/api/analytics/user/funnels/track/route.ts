import { trackStage } from '@/lib/analytics/funnels/contract'
import { recordStage } from '@/lib/analytics/funnels/service'
import { only, route } from '@/lib/http/route'

export const POST = route(trackStage, recordStage)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
