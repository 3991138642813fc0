// Backups of the local cluster, made, damaged, drilled and restored for real. The tests go on with one cluster, in order.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProofs } from '@/lib/recovery/backups/proofs'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { askScheduled } from '@/lib/recovery/backups/schedule'
import { cutOverBy, findRestore } from '@/lib/recovery/restore/cut-over'
import { runTask } from '@/lib/recovery/tasks/run'
import { beginTask, type KeptTask, loadTask, loadTasks } from '@/lib/recovery/tasks/store'
import { works } from '@/lib/recovery/tasks/works'
import { measured } from '@/scripts/test/measured'
import { type BackupRig, countIn, startBackupRig } from './backup-rig'
import { untilSynchronous } from './testing'

let rig: BackupRig
/** A backup of what the cut-over undoes. */
let leftBehind: string
/** A moment after the deletion. */
let undone: string

beforeAll(async () => {
  rig = await startBackupRig({ cutsOver: true })
  await rig.record(500)
})

afterAll(() => rig?.stop())

test('a full backup is copied from the standby, archived, and is in both repositories', async () => {
  const task = await rig.carryOut({ kind: 'backup', backup: 'full' })
  expect(task).toMatchObject({
    state: 'succeeded',
    message: `Backup ${task.backup} is whole, in both repositories.`,
  })
  expect(task.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
  for (const repository of [1, 2]) {
    const { backups } = await theProvider().take(repository)
    expect(backups).toMatchObject([{ id: task.backup, kind: 'full', member: 'b', problems: [], timeline: 1 }])
  }
})

test('a drill restores it, finds every record again and removes everything', async () => {
  await rig.record(300, 'after')
  for (const repository of [1, 2]) {
    const task = await rig.carryOut({ kind: 'drill', repository })
    expect(task).toMatchObject({ state: 'succeeded' })
    expect(task.steps.find(({ name }) => name === 'compare')?.detail).toBe(
      '500 records in 5 tables, the same as were recorded',
    )
    measured(`drill from repository ${repository}`, `restored in ${task.rtoSeconds} s`)
    expect(readProofs()[`${repository}/${task.backup}`]?.drilled).toMatchObject({
      passed: true,
      taskId: task.id,
    })
    expect(readdirSync(join(rig.dataDir, 'scratch'))).toEqual([])
  }
})

test('rows deleted by mistake under load are in what is restored to the second before, from either repository', async () => {
  await rig.record(200, 'precious')
  let stop = false
  const load = (async () => {
    while (!stop) await rig.record(20, 'load')
  })()
  await sleep(1_500)
  const before = new Date().toISOString()
  await sleep(1_000)
  await rig.connection.sql`delete from user_events where name = 'precious'`
  expect(await rig.count('precious')).toBe(0)
  await sleep(500)
  undone = new Date().toISOString()
  await sleep(500)
  stop = true
  await load
  const target = { kind: 'time', at: before } as const
  const restored = await rig.carryOut({
    kind: 'restore',
    repository: 1,
    target,
    timeline: null,
    folder: null,
  })
  expect(restored).toMatchObject({ state: 'succeeded', recoveredTo: { at: expect.any(String) } })
  expect(Date.parse(restored.recoveredTo?.at ?? '')).toBeLessThanOrEqual(Date.parse(before))
  expect(await countIn(restored, 'precious')).toBe(200)

  leftBehind = (await rig.carryOut({ kind: 'backup', backup: 'incremental' })).backup as string
  await theProvider().replicate(() => {}, new AbortController().signal)
  rmSync(rig.cluster.repository, { recursive: true })
  const second = await rig.carryOut({ kind: 'restore', repository: 2, target, timeline: null, folder: null })
  expect(second).toMatchObject({ state: 'succeeded' })
  expect(await countIn(second, 'precious')).toBe(200)
})

test('what was restored takes the leader’s place, by the guard, and the cluster is whole again', async () => {
  const taskId = findRestore().id
  const actor = { name: 'tester', prove: async () => {} }
  await expect(cutOverBy({ taskId, reason: 'a test', confirm: 'wrong' }, actor)).rejects.toThrow(
    /Type the name/,
  )
  const asked = await cutOverBy({ taskId, reason: 'a test', confirm: rig.cluster.name }, actor)
  await runTask(loadTask(asked.taskId) as KeptTask, works, new AbortController().signal)
  const task = loadTask(asked.taskId)
  measured('cut-over', `${task?.rtoSeconds} s`)
  expect(task).toMatchObject({ state: 'succeeded' })
  expect(await rig.count('precious')).toBe(200)
  await untilSynchronous(rig.cluster, 'b')
  await expect(cutOverBy({ taskId, reason: 'a test', confirm: rig.cluster.name }, actor)).rejects.toThrow(
    /already/,
  )
  expect(await rig.carryOut({ kind: 'backup', backup: 'full' })).toMatchObject({ state: 'succeeded' })
  expect(await rig.carryOut({ kind: 'drill', repository: 2 })).toMatchObject({ state: 'succeeded' })
  // What was undone is on the timeline before, and can be had from there.
  expect(await rig.carryOut({ kind: 'drill', repository: 2, backup: leftBehind })).toMatchObject({
    state: 'succeeded',
  })
  const target = { kind: 'time', at: undone } as const
  const back = await rig.carryOut({ kind: 'restore', repository: 2, target, timeline: 1, folder: null })
  expect(back).toMatchObject({ state: 'succeeded' })
  expect(await countIn(back, 'precious')).toBe(0)
  expect(await countIn(back, 'load')).toBeGreaterThan(await rig.count('load'))
})

test('a scheduled backup that failed is tried again after half an hour, and not before', async () => {
  const { id, startedAt } = await beginTask({ kind: 'backup', backup: 'incremental' }, 'schedule', 'a test')
  const full = { ...works, backup: () => Promise.reject(new Error('The disk is full.')) }
  await runTask(loadTask(id) as KeptTask, full, new AbortController().signal)
  expect(loadTask(id)).toMatchObject({ state: 'failed', message: 'The disk is full.' })
  const minutesLater = (minutes: number) => new Date(Date.parse(startedAt) + minutes * 60_000)
  await askScheduled(minutesLater(29))
  expect(loadTasks()[0]?.id).toBe(id)
  await askScheduled(minutesLater(31))
  const [again] = loadTasks()
  expect(again).toMatchObject({ state: 'running', actor: 'schedule', order: { backup: 'incremental' } })
  await runTask(again as KeptTask, works, new AbortController().signal)
  expect(loadTask(again?.id as string)).toMatchObject({ state: 'succeeded' })
})
