import { readRollupDelay } from '@/db/queries/analytics/rollups/read-delay'
import { type DatabaseHealth, readDatabaseHealth } from '@/db/queries/recovery/database-health'
import { spool } from '@/lib/analytics/ingest/spool/spool'
import { leader } from '@/lib/database'
import { inTime } from '@/lib/in-time'
import { checkBackups } from '@/lib/recovery/backups/service'
import { ACTIONS, above, below, LIMITS, observe, overall } from '@/lib/recovery/health/checks'
import type { Health, HealthCheck } from '@/lib/recovery/health/contract'
import { readFreeDisk } from '@/lib/recovery/health/disk'
import { describeReplication } from '@/lib/recovery/replication/service'
import { readTopology, type Topology } from '@/lib/recovery/topology/service'

type Checks = Health['checks']

/** Databases and repositories that take longer to answer are not waited for, in milliseconds. */
const ANSWER_MS = 1_800

/** The leader's own state. With no leader one check says so. */
export async function checkDatabase(): Promise<Health> {
  return overall(await databaseChecks())
}

/** Everything that a record or a chart depends on; answers with every database down. */
export async function checkAll(): Promise<Health> {
  const [database, members, disk, rollups, backups] = await Promise.all([
    databaseChecks(),
    memberChecks(),
    diskChecks(),
    rollupChecks(),
    backupChecks(),
  ])
  return overall({ ...members, ...database, ...rollups, ...backups, ...disk, ...spoolChecks() })
}

const NO_LEADER = 'See on the replication page why the leader is gone. If it does not come back, fail over.'

async function databaseChecks(): Promise<Checks> {
  const words = { limit: 'the leader answers', output: 'no leader answers', action: NO_LEADER }
  const found = await inTime(ANSWER_MS, () => readDatabaseHealth(leader()))
  if (!found) return { 'database:responding': [observe(false, 'fail', words)] }
  return { 'database:responding': [observe(true, 'pass', words)], ...statisticsChecks(found) }
}

function statisticsChecks(found: DatabaseHealth): Checks {
  const { connections, maxConnections } = found
  return {
    'database:connections': [
      above(connections / maxConnections, LIMITS.connections, {
        unit: 'share',
        output: `${connections} of ${maxConnections} are used`,
        action: ACTIONS.connections,
      }),
    ],
    'database:cacheHitRate': [
      below(found.cacheHitRate, LIMITS.cacheHitRate, {
        unit: 'share',
        output: 'many reads go to the disk',
        action: 'Give PostgreSQL more memory: shared_buffers, and what the system keeps of files.',
      }),
    ],
    'database:lockWaits': [
      above(found.waiting, LIMITS.waiting, {
        unit: 'sessions',
        output: 'sessions wait for locks',
        action: 'Find whom they wait for with pg_blocking_pids, and end that with pg_terminate_backend.',
      }),
    ],
    'database:oldestTransaction': [
      above(found.oldestTransactionSeconds, LIMITS.oldestTransactionSeconds, {
        unit: 's',
        output: 'a transaction is open for long: nothing behind it is cleaned up',
        action: ACTIONS.transaction,
      }),
    ],
    'database:deadRows': [
      above(found.deadRowRate, LIMITS.deadRowRate, {
        unit: 'share',
        output: 'vacuum does not keep up',
        action: 'See which tables in pg_stat_user_tables, and what holds autovacuum up.',
      }),
    ],
    'database:wraparound': [
      above(found.wraparoundAge, LIMITS.wraparoundAge, {
        unit: 'transactions',
        output: 'freezing does not keep up: at 2^31 no more transactions are taken',
        action: ACTIONS.wraparound,
      }),
    ],
    'database:size': [
      observe(found.databaseBytes, 'pass', {
        unit: 'bytes',
        action: 'A shorter retention of a project drops its old records, a month at a time.',
      }),
    ],
    'database:checksums': [checksumCheck(found)],
    'database:archive': [
      observe(found.archiveFails ? 'fails' : 'works', found.archiveFails ? 'fail' : 'pass', {
        limit: 'the last attempt worked',
        output: 'the last attempt to archive failed',
        action: 'See archive_command and the log of the leader’s PostgreSQL.',
      }),
    ],
  }
}

function checksumCheck({ checksumFailures, dataChecksums }: DatabaseHealth): HealthCheck {
  const words = { unit: 'pages', limit: 'checksums are on, and no page is damaged' }
  if (checksumFailures > 0)
    return observe(checksumFailures, 'fail', {
      ...words,
      output: 'pages are damaged on disk',
      action: 'Fail over to a member whose pages are whole, and restore what it lacks from a backup.',
    })
  return observe(checksumFailures, dataChecksums ? 'pass' : 'warn', {
    ...words,
    output: 'checksums are off: damage is not noticed',
    action: 'Turn them on with pg_checksums, member by member, each while it is stopped.',
  })
}

async function memberChecks(): Promise<Checks> {
  const asked = readTopology()
  const [status, topology] = await Promise.all([describeReplication(asked), asked])
  return {
    ...(topology.members.length > 0 && { 'cluster:writableMembers': [writableCheck(topology)] }),
    'cluster:rpo': [
      observe(status.rpoSeconds, status.rpoSeconds === 0 ? 'pass' : 'warn', {
        unit: 's',
        limit: '0: a standby has every commit before it is acknowledged',
        output: 'the loss of the leader now would lose records',
        action: 'Bring the synchronous standby back. It counts as soon as it has caught up.',
      }),
    ],
    ...Object.fromEntries(
      status.members.map(({ name, healthy, reasons, role, lagBytes }) => [
        `member-${name}:state`,
        [
          observe(role === 'standby' ? lagBytes : role, healthy ? 'pass' : 'warn', {
            unit: role === 'standby' ? 'bytes of lag' : undefined,
            limit: 'it answers, and leads or follows closely',
            output: reasons.join('; '),
            action: ACTIONS.member,
          }),
        ],
      ]),
    ),
  }
}

function writableCheck({ writable }: Topology): HealthCheck {
  const names = writable.map(({ address }) => address.name)
  const split = names.length > 1
  return observe(names.length, names.length === 1 ? 'pass' : 'fail', {
    unit: 'members',
    limit: 'exactly one takes writes',
    output: split ? `${names.join(' and ')} have split` : 'no member takes writes',
    action: split ? 'Fence the one that does not lead, now, on the replication page.' : NO_LEADER,
  })
}

async function diskChecks(): Promise<Checks> {
  const free = await readFreeDisk()
  if (free === null) return {}
  const words = {
    unit: 'share',
    output: 'the data folder’s disk fills up',
    action: ACTIONS.disk,
  }
  return { 'disk:free': [below(free, LIMITS.freeDiskRate, words)] }
}

async function rollupChecks(): Promise<Checks> {
  const delay = await inTime(ANSWER_MS, () => readRollupDelay(leader()))
  if (delay === null) return {}
  const words = {
    unit: 's',
    output: 'charts stay exact, and get slower',
    action: ACTIONS.rollups,
  }
  return { 'rollups:delay': [above(delay, LIMITS.rollupSeconds, words)] }
}

/** All that the backups page checks, in one line. */
async function backupChecks(): Promise<Checks> {
  const health = await inTime(ANSWER_MS, checkBackups)
  if (!health || health.provider === null) return {}
  const wrong = health.checks.filter(({ status }) => status !== 'pass')
  return {
    'backups:checks': [
      observe(`${health.checks.length - wrong.length} of ${health.checks.length} pass`, health.status, {
        limit: 'each passes',
        output: wrong.map(({ name, observed }) => `${name}: ${observed}`).join('; '),
        action: 'The backups page says of each what to do.',
      }),
    ],
  }
}

function spoolChecks(): Checks {
  const state = spool()?.state
  if (!state) return {}
  const age = state.oldestAt === null ? 0 : (Date.now() - Date.parse(state.oldestAt)) / 1000
  const waits = above(age, LIMITS.spoolSeconds, {
    unit: 's',
    output: `${state.records} records wait for a leader`,
    action: ACTIONS.spool,
  })
  return {
    'spool:records': [{ ...waits, observedValue: state.records, observedUnit: 'records' }],
    'spool:refused': [
      observe(state.refused, state.refused > 0 ? 'warn' : 'pass', {
        unit: 'records',
        limit: 'none',
        output: 'PostgreSQL refused records that were acknowledged',
        action: 'See refused.ndjson in the spool: mend what was wrong, and send them again.',
      }),
    ],
  }
}
