import { only, route } from '@/lib/http/route'
import { getJournal } from '@/lib/recovery/journal/contract'
import { listJournal } from '@/lib/recovery/journal/service'

export const GET = route(getJournal, listJournal)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
