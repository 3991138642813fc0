import { getFeatureRetention } from '@/lib/analytics/features/contract'
import { measureFeatureRetention } from '@/lib/analytics/features/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getFeatureRetention, measureFeatureRetention)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
