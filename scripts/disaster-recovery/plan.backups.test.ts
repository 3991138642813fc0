// Every command of the plan that belongs to the local cluster is run, on a real one, in the order of the plan; what it came to is
// looked at where it shows. The tests go on with one cluster.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POST as track } from '@/app/api/analytics/user/events/track/route'
import { GET as ready } from '@/app/api/health/ready/route'
import { GET as metrics } from '@/app/api/metrics/route'
import { spool } from '@/lib/analytics/ingest/spool/spool'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { nameRestorePoint } from '@/lib/recovery/restore/points'
import { type Cluster, startCluster } from '@/scripts/cluster'
import { eventually, postmasterOf, untilSynchronous } from '@/scripts/cluster/testing'
import { measured } from '@/scripts/test/measured'
import { readBlocks } from './plan-blocks'
import { loseLeader, type PlanRig, passCoolDown, pause, reinitialize, startPlanRig } from './plan-rig'

/** What takes a cluster under Patroni, with its machines: `npm run test:ha` tries what stands behind it. */
const PRODUCTION: Record<string, string> = {
  '1.3 Steps #5': 'patronictl: the local engine’s *Reinitialize* is pressed in its place',
  '1.3 Steps #6': 'patronictl: it goes on with a cluster under Patroni that was paused',
  '2.3 Steps #10':
    'patronictl, and the data folders of its members: `--cut-over` is run for the local engine',
  '2.3 Steps #11': 'patronictl: the second half of the same',
  '3.3 Steps #4': 'pgbackrest and systemctl: `--latest` and `--cut-over` are run for the local engine',
  '3.3 Steps #5': 'patronictl and systemctl: the second half of the same',
  '3.3 Steps #6': 'pgbackrest: a new repository for it',
  '4.3 Steps #5': 'pgbackrest: `--latest --repo 2` and `--cut-over` are run for the local engine',
  '4.3 Steps #6': 'patronictl and systemctl: the second half of the same',
  '4.3 Steps #7': 'pgbackrest: a new repository for it',
}
const NEEDED = /\b(patronictl|pgbackrest|systemctl)\b/

const blocks = readBlocks()
const run = new Set<string>()
let rig: PlanRig
let site: Cluster | undefined

beforeAll(async () => {
  rig = await startPlanRig({
    'GET /api/health/ready': () => ready(),
    'GET /api/metrics': metrics,
    'POST /api/analytics/user/events/track': track,
  })
  await rig.record(300)
})

afterAll(async () => {
  await site?.stop()
  await rig?.stop()
})

/** The commands with this key, which count as run from now on. */
function take(key: string): string {
  const block = blocks.find((one) => one.key === key)
  if (!block) throw new Error(`The plan has no commands ${key}.`)
  run.add(key)
  return block.text
}

/** Runs a block that has to end well. @returns what it printed */
async function carryOut(
  key: string,
  ...rest: [change?: Record<string, string>, options?: Parameters<PlanRig['run']>[2]]
) {
  const { code, output } = await rig.run(take(key), ...rest)
  expect(code, output).toBe(0)
  return output
}

/** `npm start`, in so far as it can be had without a build, which the tests in a browser do: its engine, in another data folder or not. */
async function start(dataDir: string): Promise<{ cluster: Cluster; said: string[] }> {
  const said: string[] = []
  return { cluster: await startCluster({ dataDir, onLog: (line) => said.push(line) }), said }
}

const member = (name: string) => postmasterOf(rig.dataDir, name)
const leader = async () => (await import('@/lib/recovery/topology/service')).readTopology()
const timeline = async () => (await leader()).writable[0]?.facts?.timeline
const leads = async () => (await leader()).writable.map(({ address }) => address.name)

test('start here, and what is watched', async () => {
  expect(await carryOut('Start here #1')).toContain('"status":"pass"')
  const plan = await carryOut('Start here #2')
  expect(plan).toContain('ok   one writable member: a takes writes')
  expect(plan).toContain('switchover of holdfast from a to b')
  const seen = await carryOut('Targets #1')
  expect(seen).toMatch(/^holdfast_writable_members 1$/m)
  expect(seen).toMatch(/^holdfast_rpo_seconds 0$/m)
  expect(seen).toMatch(/^holdfast_drill_rto_seconds nan$/im)
})

test('the second repository is that of the variable, and the kit holds what no backup does', async () => {
  expect(take('Backup and replication strategy #1')).toBe('BACKUP_SECONDARY_STORAGE=/mnt/second npm start')
  expect(theProvider().repositories).toMatchObject([{ number: 1 }, { number: 2, location: rig.secondary }])
  expect((await rig.carryOut({ kind: 'backup', backup: 'full' })).message).toContain('in both repositories')
  await carryOut('The recovery kit #1')
  expect(existsSync(join(rig.kit, 'holdfast-kit.tgz'))).toBe(true)
})

test('scenario 1: the leader is lost', async () => {
  await loseLeader(rig, 'a')
  expect((await rig.run(take('Start here #1'))).output).toContain('"status":"warn"')
  expect(await carryOut('1.3 Steps #1')).toContain('failover of holdfast from a to b')
  expect(await carryOut('1.3 Steps #3')).toMatch(/lost: 0 bytes/)
  expect(await leads()).toEqual(['b'])
  expect(member('a')).toBeNull()

  await reinitialize(rig, 'a')
  passCoolDown(rig, (await timeline()) ?? 0)
  await loseLeader(rig, 'b')
  const asked = await rig.run(take('1.3 Steps #2'), {}, { types: 'holdfats' })
  expect(asked.output).toContain('Type the name of the cluster, holdfast, to confirm')
  expect(await leads()).toEqual([])

  // Somebody paused the engine: that may be overridden by those who accept a loss.
  await pause(rig, true)
  expect(await carryOut('1.3 Steps #4')).toMatch(/lost: 0 bytes/)
  expect(await leads()).toEqual(['a'])
  await pause(rig, false)

  await reinitialize(rig, 'b')
  passCoolDown(rig, (await timeline()) ?? 0)
  expect(await carryOut('1.3 Steps #7')).toMatch(/RTO [\d.]+ s, lost: 0 bytes/)
  expect(await leads()).toEqual(['b'])
  await untilSynchronous(rig.cluster, 'a')
  passCoolDown(rig, (await timeline()) ?? 0)
  await carryOut('1.4 Verification #1')
  await eventually('nothing is spooled any more', async () => !spool()?.state.records)
  const answer = await carryOut('1.4 Verification #2')
  expect(answer).toContain('"spooled":0')
  expect(answer).toMatch(/"accepted":1.* 202$/m)
  await eventually('it is there', async () => (await rig.count('recovery check')) > 0)
  expect(await rig.count('seen')).toBe(300)
})

/** The moment before rows were deleted by mistake, in all its words. */
let incident: Record<string, string>

test('scenario 2: rows were deleted, are found beside, and copied back', async () => {
  await rig.record(200, 'purchase')
  const [row] = await rig.ask(
    (sql) => sql`
      select max(transaction_id::text::bigint) as xid, pg_current_wal_lsn() as lsn
      from user_events where name = 'purchase'`,
  )
  await nameRestorePoint('before-the-migration', 'tester')
  incident = {
    '2026-11-26T18:15:00Z': new Date().toISOString(),
    '0/3000028': row?.lsn,
    '1234': row?.xid,
  }
  await sleep(1_100)
  await rig.record(50, 'later')
  await rig.ask((sql) => sql`delete from user_events where name = 'purchase'`)

  expect(await carryOut('2.3 Steps #1', incident)).toMatch(/ok .*\n.*arrived after it: 50 of user_events/)
  const others = await carryOut('2.3 Steps #2', incident)
  expect(others.match(/^ok /gm)).toHaveLength(3)
  await theProvider().replicate(() => {}, new AbortController().signal)
  expect(await carryOut('2.3 Steps #3', incident)).toMatch(/^ok .*--repo 2/ms)
  const restored = await carryOut('2.3 Steps #4', incident)
  expect(restored).toMatch(/compare +done .*user_events 501/)

  await carryOut('2.3 Steps #5', {}, { asOwner: true })
  await carryOut('2.3 Steps #6')
  expect([await rig.count('purchase'), await rig.count('later')]).toEqual([200, 50])
  await carryOut('2.3 Steps #7', {}, { asOwner: true })
  expect(existsSync(join(rig.dataDir, 'restored', 'incident', 'postmaster.pid'))).toBe(false)
  expect(await carryOut('2.3 Steps #8')).toContain('The rollups are made anew')
})

test('scenario 2: or all since then is undone, and kept beside', async () => {
  const before = await timeline()
  expect(await carryOut('2.3 Steps #9')).toMatch(/leads with what was restored/)
  expect(await timeline()).toBe((before ?? 0) + 1)
  expect([await rig.count('purchase'), await rig.count('later')]).toEqual([200, 0])
  expect(readdirSync(join(rig.dataDir, 'cluster'))).toContain('b.before-incident')
  const undone = await carryOut('2.3 Steps #12', { 'timeline 1': `timeline ${before}` })
  expect(undone).toMatch(new RegExp(`^ok .*--target-timeline ${before}$`, 'ms'))
  await untilSynchronous(rig.cluster, 'a')
})

test('scenario 3: the members’ disk is lost', async () => {
  expect(await rig.carryOut({ kind: 'backup', backup: 'full' })).toMatchObject({ state: 'succeeded' })
  await rig.record(70, 'newest')
  expect(await rig.carryOut({ kind: 'backup', backup: 'incremental' })).toMatchObject({ state: 'succeeded' })
  const looked = await carryOut('3.1 Detection #1')
  expect(looked).toContain('repository:')
  expect(looked).toContain('state.json')

  await rig.cluster.stop()
  for (const name of ['a', 'b']) rmSync(join(rig.dataDir, 'cluster', name), { recursive: true })
  const { cluster, said } = await start(rig.dataDir)
  site = cluster
  expect(said.join('\n')).toContain('is missing or incomplete: restore it, or fail over to')
  expect(await carryOut('3.3 Steps #1')).toMatch(/^ok /m)
  expect(await carryOut('3.3 Steps #2')).toMatch(/compare +done .*user_events 571/)
  expect(await carryOut('3.3 Steps #3')).toMatch(/leads with what was restored/)
  expect([await rig.count('purchase'), await rig.count('newest')]).toEqual([200, 70])
  await untilSynchronous(cluster, 'a')
})

test('scenario 4: the site is lost, but for the second repository and the kit', async () => {
  const old = rig.dataDir
  await site?.stop()
  site = undefined
  const dataDir = join(rig.kit, '..', 'new-site')
  const begun = Date.now()
  await carryOut('4.3 Steps #1', {}, { dataDir })
  expect(readFileSync(join(dataDir, 'credentials.json'), 'utf8')).toBe(
    readFileSync(join(old, 'credentials.json'), 'utf8'),
  )
  for (const file of ['access.json', 'session-secret', 'cluster/secrets.json', 'recovery/journal.ndjson'])
    expect(existsSync(join(dataDir, file)), file).toBe(true)

  expect(take('4.3 Steps #2')).toBe(take('Backup and replication strategy #1'))
  const { cluster, said } = await start(dataDir)
  site = cluster
  expect(said.join('\n')).toContain('is missing or incomplete')
  expect(await carryOut('4.3 Steps #3', {}, { dataDir })).toMatch(/of repository 2.*user_events 571/s)
  expect(await carryOut('4.3 Steps #4', {}, { dataDir })).toMatch(/leads with what was restored/)
  measured('the site was lost: from the kit to a leader and its standby', `${(Date.now() - begun) / 1000} s`)
  expect([await rig.count('purchase'), await rig.count('newest')]).toEqual([200, 70])
})

test('after the incident', async () => {
  await carryOut('After the incident #1')
  expect(existsSync(join(rig.kit, 'incident.tgz'))).toBe(true)
  expect(await carryOut('After the incident #2')).toContain('"kind":"cut-over"')
})

test('every command of the plan was run, or takes a cluster under Patroni', () => {
  for (const { key, text } of blocks) {
    const reason = PRODUCTION[key]
    expect(run.has(key) || reason, `nobody runs ${key}:\n${text}`).toBeTruthy()
    if (reason) {
      expect(run.has(key), `${key} is run, and said to be for production alone`).toBe(false)
      expect(text, `${key} could be run`).toMatch(NEEDED)
    }
  }
  const keys = blocks.map(({ key }) => key)
  expect(Object.keys(PRODUCTION).filter((key) => !keys.includes(key))).toEqual([])
})
