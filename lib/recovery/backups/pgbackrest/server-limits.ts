import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where pg_control keeps what replay demands of a standby, in PostgreSQL 12 to 18, and what is enough for most. */
const LIMITS = {
  max_connections: { at: 180, enough: 500 },
  max_worker_processes: { at: 184, enough: 32 },
  max_wal_senders: { at: 188, enough: 20 },
  max_prepared_transactions: { at: 192, enough: 100 },
  max_locks_per_transaction: { at: 196, enough: 64 },
} as const

/**
 * Settings that a server which replays must have no less of than the one that wrote the WAL, or its replay pauses before the
 * target. Patroni gives them on the command line, so the restored files do not have them. Some more than the backup had: the
 * WAL after it may be of a server that was given more.
 */
export function readServerLimits(folder: string): Record<string, string> {
  const control = readFileSync(join(folder, 'global', 'pg_control'))
  return Object.fromEntries(
    Object.entries(LIMITS).map(([name, { at, enough }]) => [
      name,
      String(Math.max(control.readInt32LE(at), enough)),
    ]),
  )
}
