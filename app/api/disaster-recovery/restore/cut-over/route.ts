import { only, route } from '@/lib/http/route'
import { cutOver } from '@/lib/recovery/restore/contract'
import { cutOverTo } from '@/lib/recovery/restore/service'

export const POST = route(cutOver, cutOverTo)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
