import { deleteFunnel } from '@/lib/analytics/funnels/contract'
import { forgetFunnel } from '@/lib/analytics/funnels/service'
import { only, route } from '@/lib/http/route'

export const DELETE = route(deleteFunnel, forgetFunnel)
export const { GET, POST, PUT, PATCH, OPTIONS } = only('DELETE')
