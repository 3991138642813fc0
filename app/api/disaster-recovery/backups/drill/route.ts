import { only, route } from '@/lib/http/route'
import { drillBackup } from '@/lib/recovery/backups/contract'
import { drillNow } from '@/lib/recovery/backups/service'

export const POST = route(drillBackup, drillNow)
export const { GET, PUT, PATCH, DELETE, OPTIONS } = only('POST')
