import { only, route } from '@/lib/http/route'
import { restore } from '@/lib/recovery/restore/contract'
import { restoreTo } from '@/lib/recovery/restore/service'

export const POST = route(restore, restoreTo)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
