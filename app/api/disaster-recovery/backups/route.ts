import { only, route } from '@/lib/http/route'
import { backUp, listBackups } from '@/lib/recovery/backups/contract'
import { backUpNow, readBackups } from '@/lib/recovery/backups/service'

export const GET = route(listBackups, readBackups)
export const POST = route(backUp, backUpNow)
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
