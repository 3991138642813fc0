import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { leader, postmaster } from '@/e2e/fixtures/engine'
import { expectAllStored, recordSteadily, untilRecorded } from '@/e2e/fixtures/load'

test('the leader is killed: the spool takes what comes, and no acknowledged event is missing or there twice', async () => {
  const name = `kill-${randomUUID()}`
  const load = recordSteadily(name)
  await untilRecorded(load, 50)
  const killed = postmaster(await leader())
  process.kill(killed, 'SIGKILL')
  await expect.poll(async () => ![0, killed].includes(postmaster(await leader()))).toBe(true)
  await untilRecorded(load, 50)
  const written = await load.stop()
  console.log(
    `${written.acknowledged.length} events acknowledged; the slowest answer took ${written.longestMs} ms`,
  )
  expect(written.refused).toEqual([])
  await expectAllStored(name, written)
})
