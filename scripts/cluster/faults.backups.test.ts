// What can happen to backups, done to them for real: each is found, told with what to do, and none makes a bad one look good.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catchUpSecond } from '@/lib/recovery/backups/catch-up'
import { describeHealth } from '@/lib/recovery/backups/health'
import { copyCluster } from '@/lib/recovery/backups/local/back-up'
import { folderStorage } from '@/lib/recovery/backups/local/storage'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { keepView } from '@/lib/recovery/backups/view'
import { planRestoreTo } from '@/lib/recovery/restore/service'
import { endAbandoned } from '@/lib/recovery/tasks/run'
import { beginTask, loadTask } from '@/lib/recovery/tasks/store'
import { canMount } from '@/scripts/test/can-mount'
import { type BackupRig, startBackupRig } from './backup-rig'
import { eventually } from './testing'

let rig: BackupRig
const signal = new AbortController().signal

beforeAll(async () => {
  rig = await startBackupRig()
  await rig.record(300)
})

afterAll(() => rig?.stop())

async function backUp(kind: 'full' | 'incremental' = 'full'): Promise<string> {
  const task = await rig.carryOut({ kind: 'backup', backup: kind })
  expect(task).toMatchObject({ state: 'succeeded' })
  return task.backup as string
}

const health = async () => describeHealth(await keepView())
const checkOf = async (name: string) => (await health()).checks.find((check) => check.name === name)
const inBackup = (id: string, ...path: string[]) => join(rig.cluster.repository, 'backups', id, ...path)
const wal = () =>
  readdirSync(join(rig.cluster.repository, 'wal'))
    .filter((name) => /^[0-9A-F]{24}\.gz$/.test(name))
    .sort()

test('without a backup health says so; with one, and a drill, all is well', async () => {
  expect(await health()).toMatchObject({ status: 'fail', newest: null, proven: null, window: null })
  const id = await backUp()
  expect(await health()).toMatchObject({ newest: { id, state: 'complete' }, proven: null })
  for (const repository of [1, 2]) {
    expect(await rig.carryOut({ kind: 'verify', repository })).toMatchObject({ state: 'succeeded' })
    expect(await rig.carryOut({ kind: 'drill', repository })).toMatchObject({ state: 'succeeded' })
  }
  // WAL that was archived meanwhile.
  await catchUpSecond()
  const now = await health()
  expect(now.checks.filter(({ status }) => status !== 'pass')).toEqual([])
  expect(now).toMatchObject({ status: 'pass', proven: { id }, lastDrill: { passed: true } })
  expect(now.rpoSeconds).toBeLessThan(60)
})

test('an incremental backup is the WAL since the full one, and is drilled as any other', async () => {
  await rig.record(150)
  const id = await backUp('incremental')
  const task = await rig.carryOut({ kind: 'drill', repository: 2, backup: id })
  expect(task).toMatchObject({ state: 'succeeded' })
  expect(task.steps.find(({ name }) => name === 'compare')?.detail).toMatch(/^450 records/)
})

test('a flipped byte is found by verification and by a drill, and the backup counts as damaged from then on', async () => {
  const { newest } = await health()
  const id = newest?.base as string
  const victim = readdirSync(inBackup(id, 'data', 'base', '1')).map((name) =>
    inBackup(id, 'data', 'base', '1', name),
  )[7] as string
  const whole = readFileSync(victim)
  const broken = Buffer.from(whole)
  broken.writeUInt8(broken.readUInt8(broken.length >> 1) ^ 1, broken.length >> 1)
  writeFileSync(victim, broken)
  const drilled = await rig.carryOut({ kind: 'drill', repository: 1, backup: id })
  expect(drilled.state).toBe('failed')
  expect(drilled.message).toMatch(/of backup .* (was changed|cannot be unpacked)/)
  expect(await checkOf('proven by a drill')).toMatchObject({ status: 'fail' })
  const verified = await rig.carryOut({ kind: 'verify', repository: 1 })
  expect(verified).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('its checksum is another'),
  })
  const now = await health()
  expect(now.repositories[0]).toMatchObject({ reachable: true })
  expect((await keepView()).backups.find((one) => one.id === id && one.repository === 1)).toMatchObject({
    state: 'damaged',
    verified: { passed: false },
    problems: [{ action: expect.stringContaining('Back up now') }],
  })
  writeFileSync(victim, whole)
  expect(await rig.carryOut({ kind: 'verify', repository: 1 })).toMatchObject({ state: 'succeeded' })
})

test('a missing WAL file is a gap: health, drill and plan name it, and the nearest point that can be reached', async () => {
  await rig.connection.sql`select pg_logical_emit_message(true, 'x', 'y')`
  for (let round = 0; round < 3; round++) {
    await rig.record(10)
    await rig.connection.sql`select pg_switch_wal()`
  }
  await eventually('archived', async () => (await health()).archivers.every(({ waiting }) => !waiting))
  const victim = wal().at(-2) as string
  const path = join(rig.cluster.repository, 'wal', victim)
  const content = readFileSync(path)
  rmSync(path)
  expect(await checkOf('archive without a gap')).toMatchObject({
    status: 'fail',
    observed: expect.stringContaining(victim.slice(0, 24)),
  })
  const plan = await planRestoreTo({ kind: 'latest', repository: 1 })
  expect(plan).toMatchObject({
    reachable: false,
    reason: expect.stringContaining(victim.slice(0, 24)),
    nearest: { at: expect.any(String) },
  })
  const verified = await rig.carryOut({ kind: 'verify', repository: 1 })
  expect(verified).toMatchObject({ state: 'failed', message: expect.stringContaining(victim.slice(0, 24)) })
  // The other repository may have it.
  writeFileSync(path, content)
  expect(await checkOf('archive without a gap')).toMatchObject({ status: 'pass' })
  writeFileSync(path, content.subarray(0, 1000))
  expect(await rig.carryOut({ kind: 'verify', repository: 1 })).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('cannot be unpacked'),
  })
  writeFileSync(path, content)
})

test('a truncated manifest makes a backup useless, and no other; nothing is expired for its sake', async () => {
  const id = await backUp()
  const path = inBackup(id, 'manifest.json')
  const content = readFileSync(path)
  truncateSync(path, content.length - 200)
  expect(await checkOf('whole')).toMatchObject({
    status: 'fail',
    observed: expect.stringContaining('manifest'),
  })
  const now = await health()
  expect(now.newest?.id).not.toBe(`${id} of repository 1`)
  await theProvider().expire(1, 1)
  const { backups } = await theProvider().take(1)
  expect(backups.filter(({ problems }) => problems.length === 0).length).toBeGreaterThan(1)
  writeFileSync(path, content)
  expect(await checkOf('whole')).toMatchObject({ status: 'pass' })
})

test('a killed backup is never listed, is told as failed, and the next one works and clears up', async () => {
  const { id } = await beginTask({ kind: 'backup', backup: 'full' }, 'tester', 'to be killed')
  const child = fork('scripts/disaster-recovery/task.ts', [id], { execArgv: ['--import', 'tsx'] })
  await eventually('it copies', () => (loadTask(id)?.progress?.done ?? 0) > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await endAbandoned()
  expect(loadTask(id)).toMatchObject({ state: 'failed', message: expect.stringContaining('process died') })
  const listed = (await theProvider().take(1)).backups.map((backup) => backup.id)
  const folders = readdirSync(join(rig.cluster.repository, 'backups'))
  expect(folders.length).toBe(listed.length + 1)
  await backUp()
  expect(readdirSync(join(rig.cluster.repository, 'backups')).length).toBe(
    (await theProvider().take(1)).backups.length,
  )
})

test('a second repository that vanishes delays nothing, and is caught up when it is back', async () => {
  renameSync(rig.secondary, `${rig.secondary}.away`)
  await rig.record(10)
  const task = await rig.carryOut({ kind: 'backup', backup: 'full' })
  expect(task).toMatchObject({
    state: 'succeeded',
    message: expect.stringContaining('in the first repository alone'),
  })
  expect(await checkOf('repository 2')).toMatchObject({
    status: 'fail',
    action: expect.stringContaining('catches up'),
  })
  // A disk that is not mounted leaves an empty folder: what was written there would be lost with the next mount.
  mkdirSync(rig.secondary)
  await expect(theProvider().replicate(() => {}, signal)).rejects.toThrow(/is it mounted/)
  expect(readdirSync(rig.secondary)).toEqual([])
  rmSync(rig.secondary, { recursive: true })
  renameSync(`${rig.secondary}.away`, rig.secondary)
  expect(await checkOf('repository 2')).toMatchObject({
    status: 'warn',
    observed: expect.stringContaining('lacks'),
  })
  await catchUpSecond()
  expect(await checkOf('repository 2')).toMatchObject({ status: 'pass' })
  expect(await rig.carryOut({ kind: 'drill', repository: 2, backup: task.backup as string })).toMatchObject({
    state: 'succeeded',
  })
})

test.skipIf(!canMount())(
  'a full disk in mid-backup ends it with a clear word, and leaves nothing behind',
  async () => {
    const small = `${rig.secondary}.small`
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small])
    try {
      await expect(copyCluster(folderStorage(small), () => {}, signal)).rejects.toMatchObject({
        code: 'ENOSPC',
      })
      expect(existsSync(join(small, 'backups')) ? readdirSync(join(small, 'backups')) : []).toEqual([])
    } finally {
      execFileSync('umount', [small])
    }
    // And the server goes on.
    await rig.record(10)
  },
  60_000,
)
