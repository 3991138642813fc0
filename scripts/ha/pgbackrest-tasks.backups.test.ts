// Tasks over backups by pgBackRest, for a server that no engine knows. The tests go on with one server, in order.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeHealth } from '@/lib/recovery/backups/health'
import { readProofs } from '@/lib/recovery/backups/proofs'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { keepView } from '@/lib/recovery/backups/view'
import { startScratch } from '@/lib/recovery/restore/scratch-server'
import { planRestoreTo } from '@/lib/recovery/restore/service'
import type { KeptTask } from '@/lib/recovery/tasks/store'
import { eventually } from '@/scripts/cluster/testing'
import { canMount } from '@/scripts/test/can-mount'
import { measured } from '@/scripts/test/measured'
import { havePackages } from './packages'
import { biggest, mountOver } from './pgbackrest-files'
import { STANZA } from './pgbackrest-rig'
import { type PgBackRestTaskRig, startTaskRig } from './pgbackrest-tasks-rig'

describe.skipIf(!havePackages())('tasks by pgBackRest', () => {
  let rig: PgBackRestTaskRig
  /** A second before the rows were deleted. */
  let before: string

  beforeAll(async () => {
    rig = await startTaskRig()
    await rig.record(500)
  })

  afterAll(() => rig?.stop())

  const health = async () => describeHealth(await keepView())
  const faults = async () => (await health()).checks.filter(({ status }) => status !== 'pass')
  const stepsOf = ({ steps }: KeptTask) =>
    Object.fromEntries(steps.map(({ name, state, detail }) => [name, `${state}: ${detail}`]))
  const succeeded = async (order: Parameters<PgBackRestTaskRig['carryOut']>[0]) => {
    const task = await rig.carryOut(order)
    expect(task).toMatchObject({ state: 'succeeded' })
    return task
  }

  it('makes a backup in both repositories, with all its steps', async () => {
    expect(await health()).toMatchObject({ status: 'fail', newest: null, window: null })
    const task = await succeeded({ kind: 'backup', backup: 'full' })
    expect(task.message).toBe(`Backup ${task.backup} is whole, in both repositories.`)
    expect(task.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(stepsOf(task).record).toBe('done: 500 records, counted and hashed')
    expect((await theProvider().take(2)).backups).toHaveLength(1)
  })

  it('restores it in a drill from either repository, with the records that were there, and removes everything', async () => {
    await rig.record(300, 'after')
    for (const repository of [1, 2]) {
      const task = await succeeded({ kind: 'drill', repository })
      measured(`pgBackRest, drill from repository ${repository}`, `${task.rtoSeconds} s`)
      expect(stepsOf(task).compare).toBe('done: 500 records in 5 tables, the same as were recorded')
      expect(stepsOf(task).check).toMatch(/^done: it takes writes; \d{2,} tables and indexes are sound$/)
      expect(readProofs()[`${repository}/${task.backup}`]?.drilled).toMatchObject({ passed: true })
      expect(readdirSync(join(rig.dataDir, 'scratch'))).toEqual([])
    }
  })

  it('verifies each repository, and then all is well', async () => {
    for (const repository of [1, 2]) await succeeded({ kind: 'verify', repository })
    expect(await faults()).toEqual([])
    expect(await health()).toMatchObject({
      status: 'pass',
      archivers: [{ member: 'leader', failing: false }],
    })
  })

  it('makes an incremental backup, which is drilled as any other', async () => {
    const task = await succeeded({ kind: 'backup', backup: 'incremental' })
    const [newest] = (await keepView()).backups
    expect(newest).toMatchObject({ kind: 'incremental', state: 'complete' })
    const drilled = await succeeded({ kind: 'drill', repository: 1, backup: task.backup as string })
    expect(stepsOf(drilled).compare).toMatch(/^done: 800 records/)
    await succeeded({ kind: 'drill', repository: 2 })
    expect(await faults()).toEqual([])
  })

  it('brings rows back that were deleted under load, as of the second before', async () => {
    await rig.record(200, 'precious')
    let stop = false
    const load = (async () => {
      while (!stop) await rig.record(20, 'load')
    })()
    await sleep(1_500)
    before = new Date().toISOString()
    await sleep(1_000)
    await rig.connection.sql`delete from user_events where name = 'precious'`
    await sleep(500)
    stop = true
    await load
    expect(await rig.count('precious')).toBe(0)
    const plan = await planRestoreTo({ kind: 'time', value: before, repository: 1 })
    expect(plan).toMatchObject({ reachable: true, undone: expect.any(Array) })
    await restoreBefore(1)
  })

  it('brings them back from the second repository, with the first one gone', async () => {
    const [first] = rig.repositories
    renameSync(first, `${first}.gone`)
    try {
      await restoreBefore(2)
      const now = await health()
      expect(now.status).toBe('fail')
      expect(now.checks.find(({ name }) => name === 'repository 1')).toMatchObject({
        status: 'fail',
        observed: expect.stringContaining('away'),
        action: expect.stringContaining('disk or bucket'),
      })
      // The newest WAL reaches the second while the first is away.
      const latest = await succeeded({
        kind: 'restore',
        repository: 2,
        target: { kind: 'latest' },
        timeline: null,
        folder: null,
      })
      expect(await countIn(latest, 'precious')).toBe(0)
    } finally {
      renameSync(`${first}.gone`, first)
    }
  })

  it('says of a wrong key what to do, whatever is asked, and calls nothing good that it hides', async () => {
    const told = /^[^\n]*repo1-cipher-pass is not what the repository was made with[^\n]*$/
    await untilArchived()
    const begun = performance.now()
    await rig.whileChanged('repo1-cipher-pass=the first', 'repo1-cipher-pass=another', async () => {
      const now = await health()
      expect(now.status).toBe('fail')
      const first = now.repositories.find(({ number }) => number === 1)
      expect(first).toMatchObject({ reachable: false, backups: 0, window: null, rpoSeconds: null })
      expect(first?.problems[0]?.action).toMatch(told)
      expect(now.checks.find(({ name }) => name === 'repository 1')).toMatchObject({
        status: 'fail',
        action: expect.stringMatching(told),
      })
      expect((await keepView()).backups.every(({ repository }) => repository === 2)).toBe(true)
      for (const kind of ['verify', 'drill'] as const)
        expect(await rig.carryOut({ kind, repository: 1 })).toMatchObject({
          state: 'failed',
          message: expect.stringMatching(told),
        })
      expect(await rig.carryOut({ kind: 'backup', backup: 'full' })).toMatchObject({
        state: 'failed',
        backup: null,
        message: expect.stringMatching(told),
      })
      await expect(planRestoreTo({ kind: 'latest', repository: 1 })).rejects.toThrow('repo1-cipher-pass')
      measured(
        'pgBackRest, a wrong key is told by all',
        `${((performance.now() - begun) / 1000).toFixed(1)} s`,
      )
      expect(performance.now() - begun).toBeLessThan(60_000)
      // The other has a key of its own.
      await succeeded({ kind: 'drill', repository: 2 })
    })
    await rig.record(10)
    await untilArchived()
    await succeeded({ kind: 'verify', repository: 1 })
    await succeeded({ kind: 'drill', repository: 1 })
    expect(await faults()).toEqual([])
  })

  it('makes a full backup where an incremental would build upon one that is damaged', async () => {
    const [newest] = (await keepView()).backups.filter(({ repository }) => repository === 1)
    const path = biggest(join(rig.repositories[0], 'backup', STANZA, newest?.id ?? ''))
    const sound = readFileSync(path)
    const bad = Buffer.from(sound)
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1
    writeFileSync(path, bad)
    expect(await rig.carryOut({ kind: 'verify', repository: 1 })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(`Backup ${newest?.id}`),
    })
    expect((await health()).damaged).toMatchObject([{ id: newest?.id, repository: 1 }])
    // What is recovered now begins with the one before.
    expect(await planRestoreTo({ kind: 'latest', repository: 1 })).toMatchObject({
      reachable: true,
      backup: newest?.base,
    })
    const task = await succeeded({ kind: 'backup', backup: 'incremental' })
    expect(stepsOf(task).copy).toContain(`in full, since backup ${newest?.id} of repository 1 is damaged`)
    expect((await health()).newest).toMatchObject({ kind: 'full' })
    const next = await succeeded({ kind: 'backup', backup: 'incremental' })
    expect(stepsOf(next).copy).not.toContain('in full')
    writeFileSync(path, sound)
    await succeeded({ kind: 'verify', repository: 1 })
    expect((await health()).damaged).toEqual([])
  })

  it.skipIf(!canMount())(
    'says that the disk is full in the midst of a backup, and loses none that it has',
    async () => {
      await untilArchived()
      const { fill, unmount } = mountOver(rig.repositories[0])
      try {
        const kept = (await theProvider().take(1)).backups
        const empty = fill(1)
        const task = await rig.carryOut({ kind: 'backup', backup: 'full' })
        console.log('full disk:', task.message)
        expect(task).toMatchObject({
          state: 'failed',
          message: expect.stringContaining('disk of the repository is full'),
        })
        expect((await theProvider().take(1)).backups).toEqual(kept)
        empty()
        const id = kept.at(-1)?.id as string
        await succeeded({ kind: 'drill', repository: 1, backup: id })
        await untilArchived()
        await succeeded({ kind: 'backup', backup: 'full' })
        await succeeded({ kind: 'verify', repository: 1 })
        await succeeded({ kind: 'drill', repository: 1 })
        expect(await faults()).toEqual([])
      } finally {
        unmount()
      }
    },
  )

  /** Waits until nothing waits to be archived. PostgreSQL itself tries again what failed after up to a minute. */
  const untilArchived = () =>
    eventually(
      'all is archived',
      async () => (await keepView()).archivers.every(({ failing, waiting }) => !failing && waiting === 0),
      120_000,
    )

  /** Restores to the second before the deletion, and counts what was deleted. */
  async function restoreBefore(repository: number): Promise<void> {
    const target = { kind: 'time', at: before } as const
    const task = await succeeded({ kind: 'restore', repository, target, timeline: null, folder: null })
    measured(`pgBackRest, restore from repository ${repository}`, `${task.rtoSeconds} s`)
    expect(Date.parse(task.recoveredTo?.at ?? '')).toBeLessThanOrEqual(Date.parse(before))
    expect(await countIn(task, 'precious')).toBe(200)
  }

  /** Asks a server on a restored folder. */
  async function countIn({ folder }: KeptTask, name: string): Promise<number> {
    const server = await startScratch({
      folder: folder as string,
      settings: {},
      until: 0,
      onReplay: () => {},
      abort: new AbortController().signal,
    })
    try {
      const [row] = await server.connection
        .sql`select count(*)::int as n from user_events where name = ${name}`
      return row?.n
    } finally {
      await server.stop()
    }
  }
})
