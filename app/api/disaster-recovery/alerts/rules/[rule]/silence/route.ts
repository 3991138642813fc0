import { only, route } from '@/lib/http/route'
import { silenceAlert } from '@/lib/recovery/alerts/contract'
import { silence } from '@/lib/recovery/alerts/service'

export const POST = route(silenceAlert, silence)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
