import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { members, postmaster } from '@/e2e/fixtures/engine'
import { expectAllStored, recordSteadily, untilRecorded } from '@/e2e/fixtures/load'
import { dataDir } from '@/e2e/fixtures/product'

test('the standby is killed: writes go on, and it is synchronous again', async () => {
  const name = `standby-${randomUUID()}`
  const load = recordSteadily(name)
  await untilRecorded(load, 20)
  const standby = (await members()).find(({ role }) => role !== 'leader')?.name ?? ''
  const killed = postmaster(standby)
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => ![0, killed].includes(postmaster(standby))).toBe(true)
  const role = async () => (await members()).find((member) => member.name === standby)?.role
  await expect.poll(role).toBe('sync_standby')
  const written = await load.stop()
  expect(written.refused.every((status) => status === 503)).toBe(true)
  await expectAllStored(name, written)
})

test('the supervisor of the cluster is killed: another takes over, and no acknowledged event is missing', async () => {
  const name = `supervisor-${randomUUID()}`
  const supervisor = () => JSON.parse(readFileSync(join(dataDir(), 'cluster', 'lock'), 'utf8')).pid as number
  const load = recordSteadily(name)
  await untilRecorded(load, 20)
  const killed = supervisor()
  process.kill(killed, 'SIGKILL')
  await expect
    .poll(() => {
      try {
        return supervisor() !== killed
      } catch {
        return false
      }
    })
    .toBe(true)
  const roles = async () => (await members().catch(() => [])).map((member) => member.role)
  await expect.poll(roles).toEqual(['leader', 'sync_standby'])
  await untilRecorded(load, 1)
  await expectAllStored(name, await load.stop())
})
