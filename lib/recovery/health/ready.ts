import { spool } from '@/lib/analytics/ingest/spool/spool'
import { databaseAway } from '@/lib/database'
import type { HealthStatus } from '@/lib/recovery/health/contract'

/** Ready while records can be taken: into the database, or, as a warning, into the spool. */
export function isReady(): { status: HealthStatus; output?: string } {
  if (!databaseAway()) return { status: 'pass' }
  return spool()
    ? { status: 'warn', output: 'no leader answers; records are spooled' }
    : { status: 'fail', output: 'no leader answers, and there is no spool' }
}
