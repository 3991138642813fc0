import { only, route } from '@/lib/http/route'
import { resetThresholds, setThresholds } from '@/lib/recovery/alerts/contract'
import { changeThresholds, restoreThresholds } from '@/lib/recovery/alerts/service'

export const PUT = route(setThresholds, changeThresholds)
export const DELETE = route(resetThresholds, restoreThresholds)
export const { GET, POST, PATCH, OPTIONS } = only('PUT', 'DELETE')
