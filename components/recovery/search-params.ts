import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { sampleRanges } from '@/lib/recovery/samples/contract'

/** What the address of the replication page holds. */
export const samplesParsers = {
  range: parseAsStringLiteral(sampleRanges).withDefault('1h'),
  lag: parseAsStringLiteral(['time', 'bytes']).withDefault('time'),
}

/** What the address of the failover page holds. */
export const failoverParsers = { operation: parseAsString, plan: parseAsString }

/** What the address of the backups page holds. */
export const taskParsers = { task: parseAsString }

/** What the address of the restore page holds: where to, from which repository, and the task that is looked at. */
export const restoreParsers = {
  ...taskParsers,
  kind: parseAsStringLiteral(['latest', 'time', 'lsn', 'xid', 'name']).withDefault('latest'),
  value: parseAsString,
  repository: parseAsInteger.withDefault(1),
  timeline: parseAsInteger,
}

/** What the address of the journal page holds. */
export const journalParsers = { operationId: parseAsString, before: parseAsInteger }
