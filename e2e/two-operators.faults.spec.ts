import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { untilBackedUp } from '@/e2e/fixtures/backups'
import { expect, test } from '@/e2e/fixtures/in-place'
import { credentials } from '@/e2e/fixtures/product'
import { type Product, startProduct } from '@/scripts/test/start-product'

/** A product of its own, in which no plan is carried out that a second operator has not approved. */

let folder: string
let product: Product

// Two people, each with a browser.

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-two-'))
  product = await startProduct(folder, { RECOVERY_TWO_PERSON: 'true' }, ['--no-demo'])
})
test.afterAll(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const url = (path: string): string => `http://localhost:${product.port}${path}`

async function open(browser: Browser, role: 'operator' | 'admin'): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  const { email, password } = credentials(folder).users[role]
  await page.goto(url('/sign-in?callbackUrl=/recovery/failover'))
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  // By its path: the address of the sign-in page ends with the same.
  await page.waitForURL(({ pathname }) => pathname === '/recovery/failover')
  return page
}

async function makePlan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('A second operator has to approve it')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Switch over to/ })).toBeDisabled()
}

async function fillOrder(page: Page): Promise<void> {
  await page.getByLabel('Reason').fill('a test of two')
  await page.getByLabel('Type the cluster’s name').fill('holdfast')
}

test('one plans, another approves by the address, the first schedules it, and cancels it', async ({
  browser,
}) => {
  const [maker, approver] = [await open(browser, 'operator'), await open(browser, 'admin')]
  await untilBackedUp(maker, url(''))
  await expect(maker.getByText('Healthy')).toBeVisible()
  await makePlan(maker)
  // The API holds to it, too; and nobody is two persons.
  const approve = await maker.request.post(url('/api/disaster-recovery/replication/failover/approve'), {
    data: { planId: new URL(maker.url()).searchParams.get('plan') },
    headers: { origin: url('') },
  })
  expect([approve.status(), (await approve.json()).detail]).toEqual([
    409,
    expect.stringContaining('you made it'),
  ])

  await approver.goto(maker.url())
  await expect(approver.getByText(/wants to carry this plan out/)).toBeVisible()
  await expect(approver.getByLabel('Reason')).toHaveCount(0)
  await approver.getByRole('button', { name: 'Approve the plan' }).click()
  await expect(approver.getByText(/^admin@\S+ approved it$/)).toBeVisible()
  await expect(maker.getByText(/^admin@\S+ approved it$/)).toBeVisible()

  await fillOrder(maker)
  const later = await maker.evaluate(() => {
    const at = new Date(Date.now() + 3_600_000)
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  })
  await maker.getByLabel('Not now, but at').fill(later)
  await maker.getByRole('button', { name: 'Schedule the switchover' }).click()
  for (const page of [maker, approver])
    await expect(page.getByText(/A switchover is scheduled for/)).toBeVisible()
  await maker.getByRole('button', { name: 'Cancel the switchover' }).click()
  const dialog = maker.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('a test of cancelling')
  await dialog.getByLabel('Type the cluster’s name').fill('holdfast')
  await dialog.getByRole('button', { name: 'Cancel the switchover' }).click()
  await expect(maker.getByText(/A switchover is scheduled for/)).toHaveCount(0)
  await maker.goto(url('/recovery/journal'))
  await expect(maker.getByRole('cell', { name: 'approved', exact: true })).toBeVisible()
  await expect(maker.getByRole('cell', { name: 'scheduled', exact: true })).toBeVisible()
  await expect(maker.getByText('All of it is in the database, too')).toBeVisible()
})

test('what was approved moves the leader; the timelines and the members over time are drawn', async ({
  browser,
}) => {
  const [maker, approver] = [await open(browser, 'operator'), await open(browser, 'admin')]
  await untilBackedUp(maker, url(''))
  await makePlan(maker)
  await approver.goto(maker.url())
  await approver.getByRole('button', { name: 'Approve the plan' }).click()
  await fillOrder(maker)
  await maker.getByRole('button', { name: /^Switch over to b/ }).click()
  await expect(maker.getByRole('status').getByText(/leads\.$/)).toBeVisible()
  await approver.reload()
  await expect(approver.getByText('This plan cannot be used')).toBeVisible()

  await maker.goto(url('/recovery/replication'))
  await expect(maker.getByRole('img', { name: /^timeline 1 ended at .*; 2 goes on$/ })).toBeVisible()
  await expect(maker.getByRole('figure', { name: 'Who streams from whom' })).toContainText('b')
  const lag = maker.getByRole('region', { name: 'Lag over time' })
  await expect(lag.getByRole('img', { name: /^a: .*leader from .*standby.* from/ })).toBeVisible()
  await lag.getByText('Bytes').click()
  await lag.getByText('24h').click()
  await expect(maker).toHaveURL(/lag=bytes/)
  await expect(maker).toHaveURL(/range=24h/)
  await maker.reload()
  await lag.getByRole('button', { name: 'Show Lag over time as a table' }).click()
  await expect(lag.getByRole('columnheader', { name: 'Highest lag' })).toBeVisible()
})
