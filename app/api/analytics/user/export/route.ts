import { exportRecords } from '@/lib/analytics/export/contract'
import { exportLines } from '@/lib/analytics/export/service'
import { only, streamRoute } from '@/lib/http/route'

export const GET = streamRoute(exportRecords, exportLines)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
