import { only, route } from '@/lib/http/route'
import { setBackupSettings } from '@/lib/recovery/backups/contract'
import { setSettings } from '@/lib/recovery/backups/service'

export const PUT = route(setBackupSettings, setSettings)
export const { GET, POST, PATCH, DELETE, OPTIONS } = only('PUT')
