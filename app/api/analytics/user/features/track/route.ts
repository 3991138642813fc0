import { trackFeature } from '@/lib/analytics/features/contract'
import { recordFeature } from '@/lib/analytics/features/service'
import { only, route } from '@/lib/http/route'

export const POST = route(trackFeature, recordFeature)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
