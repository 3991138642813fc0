import { getLatestRecord } from '@/lib/analytics/records/contract'
import { readLatestRecord } from '@/lib/analytics/records/service'
import { only, route } from '@/lib/http/route'

export const GET = route(getLatestRecord, readLatestRecord)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
