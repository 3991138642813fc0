import { randomUUID } from 'node:crypto'
import { giveOrder, leaderOf, untilWhole } from '@/e2e/fixtures/failover'
import { expectAllStored, recordSteadily, untilRecorded } from '@/e2e/fixtures/load'
import { credentials } from '@/e2e/fixtures/product'
import { expect, freshAdmin, signIn, test } from '@/e2e/fixtures/signed-in'

/** The leader is moved by hand, in a real browser, while records come in; every one that was acknowledged is there after. */

// An order wants the password again when the sign-in is older than 5 minutes, as the worker's would be.
test.use({ storageState: freshAdmin })

test('a viewer sees the page, and can order nothing', async ({ browser }) => {
  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const page = await context.newPage()
  await signIn(page, 'viewer')
  await page.goto('/recovery/failover')
  await expect(page.getByRole('button', { name: 'Make the plan' })).toBeDisabled()
  const origin = credentials().url
  const refused = await page.request.post('/api/disaster-recovery/replication/failover', {
    data: { dryRun: true, mode: 'switchover' },
    headers: { origin },
  })
  expect(refused.status()).toBe(403)
  await context.close()
})

test('a switchover: plan, wrong name, order, each step, a reload in its midst, the journal; nothing acknowledged is lost', async ({
  page,
}) => {
  await untilWhole(page)
  const before = await leaderOf(page)
  const name = `switchover-${randomUUID()}`
  const load = recordSteadily(name)
  await page.goto('/recovery/failover')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Every check passes')).toBeVisible()
  await expect(page.getByText(/Commits wait for it/)).toBeVisible()
  const button = page.getByRole('button', { name: /^Switch over to/ })
  await page.getByLabel('Reason').fill('a test of the button')
  await page.getByLabel('Type the cluster’s name').fill('holdfas')
  await button.click()
  await expect(page.getByText('Type holdfast', { exact: true })).toBeVisible()
  expect(await leaderOf(page)).toBe(before)
  await giveOrder(page, /^Switch over to/)
  await expect(page).toHaveURL(/operation=/)
  await page.reload()
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible()
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps).toHaveCount(5)
  await expect(steps.getByRole('img', { name: 'is done' })).toHaveCount(5)
  await expect(page.getByText('nothing', { exact: true })).toBeVisible()
  expect(await leaderOf(page)).not.toBe(before)
  await untilRecorded(load, 20)
  const written = await load.stop()
  console.log(
    `switchover: ${written.acknowledged.length} records, the slowest answer took ${written.longestMs} ms`,
  )
  expect(written.refused).toEqual([])
  await expectAllStored(name, written)
  await page.getByRole('link', { name: 'In the journal' }).click()
  await expect(page.getByText('The chain is whole')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'succeeded' })).toBeVisible()
  await expect(page.getByRole('cell', { name: /^fence: done/ })).toBeVisible()
})
