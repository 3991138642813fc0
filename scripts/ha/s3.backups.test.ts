// Backups of the local cluster with their second copy in a real server of S3. The tests go on with one cluster, in order.
import { rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catchUpSecond } from '@/lib/recovery/backups/catch-up'
import { describeHealth } from '@/lib/recovery/backups/health'
import { s3Storage } from '@/lib/recovery/backups/local/s3-storage'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { keepView } from '@/lib/recovery/backups/view'
import { type BackupRig, countIn, startBackupRig } from '@/scripts/cluster/backup-rig'
import { measured } from '@/scripts/test/measured'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'
import { BUCKET, bringSwift, KEY_ID, type Swift, startSwift } from './swift'

const LOCATION = `s3://${BUCKET}/cluster`
const root = bringSwift()

describe.skipIf(!root)('a second repository in S3', { timeout: 600_000 }, () => {
  let swift: Swift
  let proxy: DatabaseProxy
  let rig: BackupRig
  let full: string
  const signal = new AbortController().signal

  beforeAll(async () => {
    swift = await startSwift(root as string)
    proxy = await openProxy(swift.endpoint)
    rig = await startBackupRig({
      env: {
        BACKUP_SECONDARY_STORAGE: LOCATION,
        AWS_ACCESS_KEY_ID: KEY_ID,
        AWS_SECRET_ACCESS_KEY: swift.secret,
        AWS_ENDPOINT_URL_S3: proxy.address,
      },
    })
    await rig.record(300)
  }, 600_000)

  afterAll(async () => {
    await rig?.stop()
    await proxy?.cut()
    await swift?.stop()
  })

  const second = async () =>
    describeHealth(await keepView()).checks.find(({ name }) => name === 'repository 2')
  /** With the WAL that was archived since the last copy. */
  const secondCaughtUp = async () => {
    await catchUpSecond()
    return second()
  }
  const storage = () =>
    s3Storage(LOCATION, {
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: swift.secret,
      AWS_ENDPOINT_URL_S3: proxy.address,
    })

  it('holds every backup and WAL file', async () => {
    const begun = performance.now()
    const made = await rig.carryOut({ kind: 'backup', backup: 'full' })
    full = made.backup as string
    expect(made).toMatchObject({
      state: 'succeeded',
      message: `Backup ${full} is whole, in both repositories.`,
    })
    const step = made.steps.find(({ name }) => name === 'replicate')
    measured('S3, a backup with its copy', `${seconds(begun)} s; ${step?.detail}`)
    expect(await secondCaughtUp()).toMatchObject({ status: 'pass', observed: LOCATION })
  })

  it('delays nothing while it is away, and is caught up when it is back', async () => {
    await proxy.cut()
    await rig.record(50)
    const task = await rig.carryOut({ kind: 'backup', backup: 'incremental' })
    expect(task).toMatchObject({
      state: 'succeeded',
      message: expect.stringContaining('in the first repository alone'),
    })
    expect(await second()).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('cannot be reached'),
      action: expect.stringContaining('catches up'),
    })
    await proxy.mend()
    proxy.hang()
    const begun = performance.now()
    expect(await second()).toMatchObject({ status: 'fail' })
    expect(performance.now() - begun).toBeLessThan(60_000)
    await proxy.mend()
    expect(await second()).toMatchObject({ status: 'warn', observed: expect.stringContaining('lacks') })
    expect(await secondCaughtUp()).toMatchObject({ status: 'pass' })
    const drill = await rig.carryOut({ kind: 'drill', repository: 2 })
    expect(drill).toMatchObject({ state: 'succeeded', backup: task.backup })
    expect(drill.steps.find(({ name }) => name === 'compare')?.detail).toMatch(/^350 records/)
    measured('S3, a drill', `answered after ${drill.rtoSeconds} s`)
  })

  it('tells of credentials that are refused within a minute, and damages nothing', async () => {
    const right = swift.secret
    await swift.restart('changed-secret')
    const begun = performance.now()
    await catchUpSecond()
    const check = await second()
    expect(performance.now() - begun).toBeLessThan(60_000)
    expect(check).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('SignatureDoesNotMatch'),
      action: expect.stringContaining('AWS_SECRET_ACCESS_KEY'),
    })
    const task = await rig.carryOut({ kind: 'verify', repository: 2 })
    expect(task).toMatchObject({ state: 'failed', message: expect.stringContaining('SignatureDoesNotMatch') })
    await swift.restart(right)
    expect((await keepView()).backups.filter(({ state }) => state === 'damaged')).toEqual([])
    expect(await secondCaughtUp()).toMatchObject({ status: 'pass' })
  })

  it('finds what was changed in the bucket, by its checksum', async () => {
    const files = await storage().list(`backups/${full}/data/base/1`)
    const victim = files.find(({ bytes }) => bytes > 100)?.name as string
    const whole = Buffer.concat(await storage().get(victim).toArray())
    const broken = Buffer.from(whole)
    broken.writeUInt8(broken.readUInt8(50) ^ 1, 50)
    await storage().put(victim, bytesOf(broken))
    const found = await theProvider().verify(2, () => {}, signal)
    await storage().put(victim, bytesOf(whole))
    // And in all else nothing.
    expect([...found.values()].flat()).toMatchObject([
      { what: expect.stringContaining('its checksum is another') },
    ])
  })

  it('brings rows back that were deleted by mistake, with the first repository gone', async () => {
    await rig.record(200, 'precious')
    await sleep(1_000)
    const before = new Date().toISOString()
    await sleep(1_000)
    await rig.connection.sql`delete from user_events where name = 'precious'`
    await sleep(500)
    expect(await rig.count('precious')).toBe(0)
    await rig.carryOut({ kind: 'backup', backup: 'incremental' })
    await theProvider().replicate(() => {}, signal)
    rmSync(rig.cluster.repository, { recursive: true })
    const target = { kind: 'time', at: before } as const
    const begun = performance.now()
    const task = await rig.carryOut({ kind: 'restore', repository: 2, target, timeline: null, folder: null })
    expect(task).toMatchObject({ state: 'succeeded' })
    measured('S3, restored', `in ${seconds(begun)} s: ${task.message}`)
    expect(await countIn(task, 'precious')).toBe(200)
  })
})

const seconds = (begun: number) => ((performance.now() - begun) / 1_000).toFixed(1)

const bytesOf = (content: Buffer) => Readable.from([content])
