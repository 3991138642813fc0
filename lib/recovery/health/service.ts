import { readDatabaseHealth } from '@/db/queries/recovery/database-health'
import { spool } from '@/lib/analytics/ingest/spool/spool'
import { leader } from '@/lib/database'
import type { Health, HealthCheck, HealthStatus } from '@/lib/recovery/health/contract'
import { readFreeDisk } from '@/lib/recovery/health/disk'
import { describeReplication } from '@/lib/recovery/replication/service'
import { readTopology } from '@/lib/recovery/topology/service'

type Checks = Health['checks']

/** Where a value warns and where it fails; above, or below for what should be large. */
export const LIMITS = {
  connections: { warn: 0.8, fail: 0.95 },
  cacheHitRate: { warn: 0.9 },
  waiting: { warn: 5, fail: 50 },
  oldestTransactionSeconds: { warn: 300, fail: 3600 },
  deadRowRate: { warn: 0.2 },
  // Autovacuum freezes from 200 million on; PostgreSQL warns 40 million before the end of 2^31.
  wraparoundAge: { warn: 500_000_000, fail: 1_500_000_000 },
  freeDiskRate: { warn: 0.15, fail: 0.05 },
  spoolSeconds: { warn: 1, fail: 60 },
}

/** The leader's own state. With no leader one check says so. */
export async function checkDatabase(): Promise<Health> {
  return overall(await databaseChecks())
}

/** Everything that a record or a chart depends on; answers with every database down. */
export async function checkAll(): Promise<Health> {
  const [database, members, disk] = await Promise.all([databaseChecks(), memberChecks(), diskChecks()])
  return overall({ ...members, ...database, ...disk, ...spoolChecks() })
}

async function databaseChecks(): Promise<Checks> {
  try {
    const found = await readDatabaseHealth(leader())
    const used = found.connections / found.maxConnections
    return {
      'database:responding': [observe(true, 'pass')],
      'database:connections': [
        above(used, LIMITS.connections, 'share', `${found.connections} of ${found.maxConnections} are used`),
      ],
      'database:cacheHitRate': [
        below(found.cacheHitRate, LIMITS.cacheHitRate, 'share', 'many reads go to the disk'),
      ],
      'database:lockWaits': [above(found.waiting, LIMITS.waiting, 'sessions', 'sessions wait for locks')],
      'database:oldestTransaction': [
        above(
          found.oldestTransactionSeconds,
          LIMITS.oldestTransactionSeconds,
          's',
          'a transaction is open for long: nothing behind it is cleaned up',
        ),
      ],
      'database:deadRows': [above(found.deadRowRate, LIMITS.deadRowRate, 'share', 'vacuum does not keep up')],
      'database:wraparound': [
        above(
          found.wraparoundAge,
          LIMITS.wraparoundAge,
          'transactions',
          'freezing does not keep up: at 2^31 no more transactions are taken',
        ),
      ],
      'database:size': [observe(found.databaseBytes, 'pass', 'bytes')],
      'database:checksums': [
        found.checksumFailures > 0
          ? observe(found.checksumFailures, 'fail', 'pages', 'pages are damaged on disk: restore them')
          : observe(
              found.checksumFailures,
              found.dataChecksums ? 'pass' : 'warn',
              'pages',
              found.dataChecksums ? undefined : 'checksums are off',
            ),
      ],
      'database:archive': [
        found.archiveFails
          ? observe('fails', 'fail', undefined, 'the last attempt to archive failed')
          : observe('works', 'pass'),
      ],
    }
  } catch {
    return { 'database:responding': [observe(false, 'fail', undefined, 'no leader answers')] }
  }
}

async function memberChecks(): Promise<Checks> {
  const asked = readTopology()
  const [status, { writable, members }] = await Promise.all([describeReplication(asked), asked])
  const names = writable.map(({ address }) => address.name)
  return {
    ...(members.length > 0 && {
      'cluster:writableMembers': [
        observe(
          names.length,
          names.length === 1 ? 'pass' : 'fail',
          'members',
          names.length > 1
            ? `${names.join(' and ')} have split: fence one`
            : names.length === 0
              ? 'no member takes writes'
              : undefined,
        ),
      ],
    }),
    'cluster:rpo': [
      observe(
        status.rpoSeconds,
        status.rpoSeconds === 0 ? 'pass' : 'warn',
        's',
        status.rpoSeconds === 0 ? undefined : 'the loss of the leader now would lose records',
      ),
    ],
    ...Object.fromEntries(
      status.members.map(({ name, healthy, reasons, role, lagBytes }) => [
        `member-${name}:state`,
        [
          observe(
            role === 'standby' ? lagBytes : role,
            healthy ? 'pass' : 'warn',
            role === 'standby' ? 'bytes of lag' : undefined,
            reasons.join('; ') || undefined,
          ),
        ],
      ]),
    ),
  }
}

async function diskChecks(): Promise<Checks> {
  const free = await readFreeDisk()
  if (free === null) return {}
  return {
    'disk:free': [below(free, LIMITS.freeDiskRate, 'share', 'the data folder’s disk fills up')],
  }
}

function spoolChecks(): Checks {
  const state = spool()?.state
  if (!state) return {}
  const age = state.oldestAt === null ? 0 : (Date.now() - Date.parse(state.oldestAt)) / 1000
  return {
    'spool:records': [above(age, LIMITS.spoolSeconds, 's', `${state.records} records wait for a leader`)].map(
      (check) => ({
        ...check,
        observedValue: state.records,
        observedUnit: 'records',
      }),
    ),
    'spool:refused': [
      observe(
        state.refused,
        state.refused > 0 ? 'warn' : 'pass',
        'records',
        state.refused > 0 ? 'see refused.ndjson in the spool' : undefined,
      ),
    ],
  }
}

interface Limit {
  warn: number
  fail?: number
}

function above(value: number | null, { warn, fail }: Limit, unit: string, output: string): HealthCheck {
  const status =
    value === null || value < warn ? 'pass' : fail !== undefined && value >= fail ? 'fail' : 'warn'
  return observe(value, status, unit, status === 'pass' ? undefined : output)
}

function below(value: number | null, { warn, fail }: Limit, unit: string, output: string): HealthCheck {
  const status =
    value === null || value > warn ? 'pass' : fail !== undefined && value <= fail ? 'fail' : 'warn'
  return observe(value, status, unit, status === 'pass' ? undefined : output)
}

function observe(
  observedValue: HealthCheck['observedValue'],
  status: HealthStatus,
  observedUnit?: string,
  output?: string,
): HealthCheck {
  const time = new Date().toISOString()
  return { status, observedValue, time, ...(observedUnit && { observedUnit }), ...(output && { output }) }
}

function overall(checks: Checks): Health {
  const all = Object.values(checks).flatMap((list) => list.map(({ status }) => status))
  const worst = (['fail', 'warn'] as const).find((status) => all.includes(status))
  return { status: worst ?? 'pass', checks }
}
