import { parseAsInteger } from 'nuqs/server'
import type { listAuditEntries } from '@/lib/access/audit/contract'
import type { listKeys } from '@/lib/access/keys/contract'
import type { getLatestRecord } from '@/lib/analytics/records/contract'
import type { InputOf } from '@/lib/http/client'

/** What the page of keys asks for, on the server and in the browser. */
export const keysInput = (project: string | null): InputOf<typeof listKeys> => (project ? { project } : {})

/** What the page of installing asks for: the newest record that there is. */
export const latestInput = (project: string | null): InputOf<typeof getLatestRecord> =>
  project ? { project } : {}

/** What the address of the audit log holds. */
export const auditParsers = { before: parseAsInteger }

/** What the page of the audit log asks for. */
export const auditInput = (before: number | null): InputOf<typeof listAuditEntries> =>
  before === null ? {} : { before }
