import { only, route } from '@/lib/http/route'
import { getBackupHealth } from '@/lib/recovery/backups/contract'
import { checkBackups } from '@/lib/recovery/backups/service'

export const GET = route(getBackupHealth, checkBackups)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
