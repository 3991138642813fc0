import { listAuditEntries } from '@/lib/access/audit/contract'
import { findAuditEntries } from '@/lib/access/audit/service'
import { only, route } from '@/lib/http/route'

export const GET = route(listAuditEntries, findAuditEntries)
export const { POST, PUT, PATCH, DELETE, OPTIONS } = only('GET')
