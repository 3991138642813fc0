// Alerts made to fire and to resolve by causing what they watch, on the local cluster with its backups. Those on members that fail,
// on the spool and on metrics are in the browser's faults.
import { execFileSync } from 'node:child_process'
import { readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRollupDelay } from '@/db/queries/analytics/rollups/read-delay'
import { countFailed } from '@/lib/analytics/ingest/failures'
import { readIngestState, reportIngest } from '@/lib/analytics/ingest/report'
import { followLeader } from '@/lib/database'
import { advanceRollups } from '@/lib/jobs/advance-rollups'
import { type Facts, readFacts } from '@/lib/recovery/alerts/facts'
import { lookAt } from '@/lib/recovery/alerts/round'
import { readAlerts } from '@/lib/recovery/alerts/service'
import { changeSettings } from '@/lib/recovery/alerts/store'
import { catchUpSecond } from '@/lib/recovery/backups/catch-up'
import { keepView } from '@/lib/recovery/backups/view'
import { superuserAddressOf } from '@/scripts/cluster'
import { type BackupRig, startBackupRig } from './backup-rig'
import { clientOf, eventually } from './testing'

const MB = 2 ** 20

let rig: BackupRig
let leader: postgres.Sql
let standby: postgres.Sql

beforeAll(async () => {
  rig = await startBackupRig()
  leader = clientOf(rig.cluster, 'a')
  standby = clientOf(rig.cluster, 'b')
  await followLeader()
  await rig.record(10)
  await eventually('all is in the rollups', async () => {
    await advanceRollups()
    return (await readRollupDelay(rig.connection.db)) === 0
  })
})
afterAll(async () => {
  for (const client of [leader, standby]) await client?.end()
  await rig?.stop()
})
/** From where on a rule fires; at once, and as soon over. */
const fireAt = (rule: string, critical: number) =>
  changeSettings(({ thresholds }) => {
    thresholds[rule] = { warn: null, critical, holdSeconds: 0, clearSeconds: 0 }
  })

async function stateOf(id: string, more: Partial<Facts> = {}): Promise<string | undefined> {
  await keepView()
  await lookAt({ ...(await readFacts()), ...more })
  return (await readAlerts()).rules.find((rule) => rule.id === id)?.state
}

const fires = (id: string) => eventually(`${id} fires`, async () => (await stateOf(id)) === 'firing')
const resolves = (id: string) =>
  eventually(`${id} resolves`, async () => (await stateOf(id)) === 'resolved', 150_000)

/** @param cause what is watched; @param end of it */
async function expectAlert(
  id: string,
  critical: number,
  cause: () => unknown,
  end: () => unknown,
): Promise<void> {
  await fireAt(id, critical)
  expect(await stateOf(id), id).toBe('ok')
  await cause()
  await fires(id)
  await end()
  await resolves(id)
}

const writeWal = () => leader`select pg_logical_emit_message(true, 'test', repeat('x', ${4 * MB}))`

test('a standby that does not replay lags', () =>
  expectAlert(
    'replication-lag',
    MB,
    async () => {
      await standby`select pg_wal_replay_pause()`
      await writeWal()
    },
    () => standby`select pg_wal_replay_resume()`,
  ))

test('a slot whose standby is gone keeps WAL', () =>
  expectAlert(
    'slot-retention',
    2 * MB,
    async () => {
      await leader`select pg_create_physical_replication_slot('gone', true)`
      await writeWal()
    },
    () => leader`select pg_drop_replication_slot('gone')`,
  ))

test('a transaction stays open', async () => {
  const other = await leader.reserve()
  await expectAlert(
    'long-transaction',
    3,
    async () => {
      await other`begin`
      await other`select 1`
    },
    () => other`commit`,
  )
  other.release()
})

test('transactions are not frozen', async () => {
  const [row] = await leader<{ age: number }[]>`select max(age(datfrozenxid))::int as age from pg_database`
  await fireAt('wraparound', Number(row?.age) + 3_000)
  await leader.unsafe(
    'do $$ begin for n in 1..4000 loop perform pg_current_xact_id(); commit; end loop; end $$',
  )
  await fires('wraparound')
  await leader`alter database template0 allow_connections true`
  // What the standby still sees cannot be frozen, and it says every second what that is.
  await eventually('wraparound resolves', async () => {
    await freezeAll()
    return (await stateOf('wraparound')) === 'resolved'
  })
  await leader`alter database template0 allow_connections false`
})

async function freezeAll(): Promise<void> {
  const databases = await leader<{ datname: string }[]>`select datname from pg_database`
  for (const { datname } of databases) {
    const client = postgres(superuserAddressOf(rig.cluster, datname), { max: 1, onnotice: () => {} })
    await client.unsafe('vacuum (freeze)')
    await client.end()
  }
}

test('rollups are not made', () => expectAlert('rollups-behind', 2, () => rig.record(1), advanceRollups))

test('the archive cannot be written: attempts fail, and segments wait', async () => {
  const wal = join(rig.cluster.repository, 'wal')
  const aside = `${wal}.aside`
  await fireAt('archive-waiting', 3)
  await expectAlert(
    'archive-failing',
    1,
    async () => {
      renameSync(wal, aside)
      // What stands in its place is no folder.
      writeFileSync(wal, '')
      for (let segment = 0; segment < 4; segment++) {
        await writeWal()
        await leader`select pg_switch_wal()`
      }
      await fires('archive-waiting')
    },
    async () => {
      rmSync(wal)
      renameSync(aside, wal)
      await resolves('archive-waiting')
    },
  )
})

test('there is no backup, and then one', async () => {
  await fireAt('backup-age', 3_600)
  await fires('backup-age')
  const { state } = await rig.carryOut({ kind: 'backup', backup: 'full' })
  expect(state).toBe('succeeded')
  await resolves('backup-age')
})

test('no drill has been made lately', async () => {
  await fireAt('drill-overdue', 5)
  await fires('drill-overdue')
  const drill = await rig.carryOut({ kind: 'drill', repository: 1 })
  expect(drill.state).toBe('succeeded')
  await resolves('drill-overdue')
})

test('a file of a backup is gone', async () => {
  const backups = join(rig.cluster.repository, 'backups')
  const [name = ''] = readdirSync(backups)
  const [file = ''] = execFileSync('find', [join(backups, name), '-name', '*pg_control*'], {
    encoding: 'utf8',
  }).split('\n')
  await expectAlert(
    'backup-faults',
    1,
    () => renameSync(file, join(rig.dataDir, 'aside')),
    () => renameSync(join(rig.dataDir, 'aside'), file),
  )
})

test('the second repository is away', async () => {
  const caughtUp = async (state: string) =>
    eventually(`repository-behind: ${state}`, async () => {
      await catchUpSecond()
      return (await stateOf('repository-behind')) === state
    })
  await caughtUp('ok')
  await fireAt('repository-behind', 1)
  renameSync(rig.secondary, `${rig.secondary}.away`)
  await caughtUp('firing')
  renameSync(`${rig.secondary}.away`, rig.secondary)
  await caughtUp('resolved')
})

test('records cannot be stored', async () => {
  reportIngest()
  await fireAt('ingest-errors', 3)
  expect(await stateOf('ingest-errors', { ingest: readIngestState() })).toBe('ok')
  countFailed(5)
  await fires('ingest-errors')
  // Those of the last minutes count.
  const later = () => stateOf('ingest-errors', { ingest: readIngestState(Date.now() + 6 * 60_000) })
  await eventually('ingest-errors resolves', async () => (await later()) === 'resolved')
})

test('the disk fills up', async () => {
  const { blocks, bsize } = statfsSync(rig.dataDir)
  const { freeDisk } = await readFacts()
  const ballast = join(rig.dataDir, 'ballast')
  await expectAlert(
    'disk-free',
    Number(freeDisk) - 0.002,
    () => execFileSync('fallocate', ['-l', String(Math.ceil(blocks * 0.004) * bsize), ballast]),
    () => rmSync(ballast),
  )
})
