import { only, route } from '@/lib/http/route'
import { createRestorePoint } from '@/lib/recovery/backups/contract'
import { nameThisMoment } from '@/lib/recovery/backups/service'

export const POST = route(createRestorePoint, nameThisMoment)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
