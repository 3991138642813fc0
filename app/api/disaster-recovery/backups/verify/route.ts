import { only, route } from '@/lib/http/route'
import { verifyBackups } from '@/lib/recovery/backups/contract'
import { verifyNow } from '@/lib/recovery/backups/service'

export const POST = route(verifyBackups, verifyNow)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
