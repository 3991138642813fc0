import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getFeatureStats, measureFeatures)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
