import { only, route } from '@/lib/http/route'
import { planRestore } from '@/lib/recovery/restore/contract'
import { planRestoreTo } from '@/lib/recovery/restore/service'

export const GET = route(planRestore, planRestoreTo)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
