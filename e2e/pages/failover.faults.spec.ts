import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { giveOrder, leaderOf, orderEngine, untilWhole } from '@/e2e/fixtures/failover'
import { expectAllStored, recordSteadily, untilRecorded } from '@/e2e/fixtures/load'
import { credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, freshAdmin, signIn, test } from '@/e2e/fixtures/signed-in'
import { findProcess } from '@/scripts/test/find-process'
import { measured } from '@/scripts/test/measured'
import { processesOf } from '@/scripts/test/member-processes'

/** The leader is moved by hand with faults on the way, in a real browser. */

// An order wants the password again when the sign-in is older than 5 minutes, as the worker's would be.
test.use({ storageState: freshAdmin })

test('a switchover holds up nobody for long', async ({ page }) => {
  await untilWhole(page)
  const name = `bounded-${randomUUID()}`
  const load = recordSteadily(name)
  await page.goto('/recovery/failover')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByRole('button', { name: /^Switch over to/ })).toBeVisible()
  await giveOrder(page, /^Switch over to/)
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible()
  await untilRecorded(load, 20)
  const written = await load.stop()
  measured('switchover in a browser, the slowest answer to 8 clients', `${written.longestMs} ms`)
  expect(written.refused).toEqual([])
  expect(written.longestMs).toBeLessThan(5_500)
  await expectAllStored(name, written)
})

test('a plan that is stale, used or another’s is refused, and of two browsers one acts', async ({
  page,
  browser,
}) => {
  await untilWhole(page)
  const origin = credentials().url
  const post = (data: object, on: Page = page) =>
    on.request.post('/api/disaster-recovery/replication/failover', { data, headers: { origin } })
  const plan = async (on: Page = page) => (await post({ dryRun: true, mode: 'switchover' }, on)).json()
  const orderOf = ({ planId, candidate }: { planId: string; candidate: string }) => ({
    planId,
    candidate,
    mode: 'switchover',
    reason: 'a test',
    confirm: 'holdfast',
    acceptLossBytes: 0,
  })
  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const other = await context.newPage()
  await signIn(other, 'operator')
  const [mine, theirs] = await Promise.all([plan(), plan(other)])
  const answers = await Promise.all([
    post(orderOf(mine)),
    post(orderOf(theirs), other),
    post(orderOf(mine)),
    post(orderOf(theirs), other),
  ])
  const statuses = answers.map((answer) => answer.status()).sort()
  expect(statuses).toEqual([202, 409, 409, 409])
  for (const answer of answers.filter((one) => one.status() === 409)) {
    expect((await answer.json()).detail).toMatch(/under way|used already|has changed/)
  }
  await untilWhole(page)
  const late = await post(orderOf(mine))
  expect(late.status()).toBe(409)
  await context.close()
})

test('the web server dies in the midst: the operation is seen through, and the page goes on showing it', async ({
  page,
  complaints,
}) => {
  await untilWhole(page)
  const before = await leaderOf(page)
  await page.goto('/recovery/failover')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Only if you accept what it says')).toBeVisible()
  await giveOrder(page, /^Switch over to/, '0')
  await expect(page).toHaveURL(/operation=/)
  const killed = findProcess(dataDir(), 'scripts/web.ts')
  expect(killed).toBeDefined()
  process.kill(killed ?? 0, 'SIGKILL')
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible()
  expect(findProcess(dataDir(), 'scripts/web.ts')).not.toBe(killed)
  expect(await leaderOf(page)).not.toBe(before)
  await page.getByRole('link', { name: 'In the journal' }).click()
  await expect(page.getByText('The chain is whole')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'succeeded' })).toBeVisible()
  // While the server was away the browser said so.
  complaints.splice(0)
})

test('a failover: the leader’s machine is lost, a standby takes over, the old leader stays out until it is reinitialized', async ({
  page,
  complaints,
}) => {
  await untilWhole(page)
  const lost = await leaderOf(page)
  const name = `failover-${randomUUID()}`
  const load = recordSteadily(name)
  await page.goto('/recovery/failover')
  // Paused, the engine does not start it again, as nobody starts a machine that is lost.
  await orderEngine('/config', { pause: true })
  for (const pid of processesOf(dataDir(), lost)) process.kill(pid, 'SIGKILL')
  await page.getByText('Failover', { exact: true }).last().click()
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Only if you accept what it says')).toBeVisible()
  await giveOrder(page, /^Fail over to/, '0')
  const clicked = Date.now()
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible()
  measured('failover in a browser, done after the click', `${Date.now() - clicked} ms`)
  const rto = Number(
    /RTO\s*([\d.]+) (ms|s)/.exec((await page.locator('dl').last().innerText()).replace(/\n/g, ' '))?.[1],
  )
  expect(rto).toBeGreaterThan(0)
  expect(await leaderOf(page)).not.toBe(lost)
  const written = await load.stop()
  measured('failover in a browser, the slowest answer to 8 clients', `${written.longestMs} ms`)
  expect(written.refused).toEqual([])
  await expectAllStored(name, written)

  await orderEngine('/config', { pause: null })
  await page.goto('/recovery/replication')
  await page.getByRole('button', { name: `Reinitialize ${lost}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('it is back')
  await dialog.getByLabel('Type the cluster’s name').fill('holdfast')
  await dialog.getByRole('button', { name: `Reinitialize ${lost}` }).click()
  await expect(dialog).toBeHidden()
  await untilWhole(page)
  // While the leader was away pages may have been told so.
  complaints.splice(0)
})
