import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { ensureBackup, untilIdle } from '@/e2e/fixtures/backups'
import { call, credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'
import { slowness } from '@/scripts/test/slowness'

/** A moment is brought back: planned, restored beside the cluster, cut over to; by hand, in a real browser. */

test.describe.configure({ mode: 'serial', timeout: 240_000 * slowness })

// An order wants the password again when the sign-in is older than 5 minutes, as the worker's would be.
test.use({
  storageState: async ({ browser }, use) => {
    const page = await browser.newPage({ storageState: undefined })
    await signIn(page, 'admin')
    await use(await page.context().storageState())
    await page.close()
  },
})

const nameBefore = `kept-${randomUUID()}`
const nameAfter = `undone-${randomUUID()}`

async function record(name: string, count: number): Promise<void> {
  const records = Array.from({ length: count }, () => ({ kind: 'event', name, userId: randomUUID() }))
  const { status } = await call('POST', '/api/analytics/user/events/batch', { body: { records } })
  expect(status).toBe(202)
}

async function stored(name: string): Promise<number | undefined> {
  const { body } = await call('GET', `/api/analytics/user/events?from=-1d&name=${name}`)
  return (body.items as unknown[] | undefined)?.length
}

const nowToTheSecond = (): string => `${new Date().toISOString().slice(0, 19)}Z`

const planOf = (page: Page) => page.getByRole('region', { name: /^Plan for/ })

test('what cannot be reached says why, and offers the nearest; the address holds the plan', async ({
  page,
}) => {
  await ensureBackup(page)
  await page.goto('/recovery/restore')
  await expect(planOf(page)).toContainText('Can be reached')
  await page.getByText('Time', { exact: true }).click()
  await page.getByLabel('Time (UTC)').fill('2020-01-01T00:00:00')
  await expect(page).toHaveURL(/value=2020-01-01T00:00:00Z/)
  await expect(planOf(page)).toContainText('Cannot be reached')
  await expect(page.getByRole('button', { name: 'Restore beside the cluster' })).toHaveCount(0)
  await page.getByRole('button', { name: /^Take / }).click()
  await expect(page).not.toHaveURL(/2020/)
  await expect(planOf(page)).toContainText('Can be reached')
  await page.getByRole('button', { name: '+1 s' }).click()
  const address = page.url()
  await page.goto('/recovery/restore?kind=xid')
  await expect(page.getByText('A number, such as 74210. The plan is then shown here.')).toBeVisible()
  const html = await (await page.request.get(address)).text()
  expect(html.replace(/<script[\s\S]*?<\/script>/g, '')).toContain('Can be reached')
})

test('records are undone to a second: plan, instructions, restore, cut-over', async ({ page }) => {
  await untilIdle(page)
  await record(nameBefore, 5)
  await sleep(1_500)
  const moment = nowToTheSecond()
  await sleep(1_500)
  await record(nameAfter, 3)
  await page.goto(`/recovery/restore?kind=time&value=${moment}`)
  await expect(planOf(page)).toContainText('Can be reached')
  const undone = page.getByRole('region', { name: 'What a cut-over would undo' })
  await expect(undone.getByRole('row', { name: /^user_events/ })).toContainText(/[1-9]/)

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the instructions' }).click()
  const text = readFileSync(await (await saved).path(), 'utf8')
  expect(text).toContain('npm run recover-pitr')
  expect(text).toContain('1. ')

  await page.getByRole('button', { name: 'Restore beside the cluster' }).click()
  await expect(page.getByText('Say why, for the journal')).toBeVisible()
  await page.getByLabel('Reason').fill('a test of the page')
  await page.getByRole('button', { name: 'Restore beside the cluster' }).click()
  await expect(page).toHaveURL(/task=/)
  await expect(page.getByText(/^Restored to/).first()).toBeVisible({ timeout: 120_000 * slowness })
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps.getByRole('img', { name: 'is done' })).toHaveCount(await steps.count())
  expect(await stored(nameAfter)).toBe(3)

  await page.getByRole('button', { name: 'Cut over…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('is undone')
  await dialog.getByLabel('Reason').fill('a test of the page')
  await dialog.getByLabel('Type the cluster’s name').fill('holdfas')
  await dialog.getByRole('button', { name: 'Cut over', exact: true }).click()
  await expect(dialog.getByText('Type holdfast', { exact: true })).toBeVisible()
  await dialog.getByLabel('Type the cluster’s name').fill('holdfast')
  await dialog.getByRole('button', { name: 'Cut over', exact: true }).click()
  await expect(dialog).toBeHidden()
  const task = page.getByRole('region', { name: /^Cut-over/ })
  await expect(task.getByText('Succeeded')).toBeVisible({ timeout: 120_000 * slowness })
  await expect.poll(() => stored(nameBefore), { timeout: 30_000 * slowness }).toBe(5)
  await expect.poll(() => stored(nameAfter), { timeout: 10_000 * slowness }).toBe(0)
})

test('after it the cluster is whole, and takes records', async ({ page, complaints }) => {
  const status = async () =>
    (await (await page.request.get('/api/disaster-recovery/replication/status')).json()).status
  await expect.poll(status, { timeout: 60_000 * slowness }).toBe('pass')
  await record(nameAfter, 2)
  await expect.poll(() => stored(nameAfter), { timeout: 10_000 * slowness }).toBe(2)
  complaints.splice(0)
})

test('what a cut-over undid is on the timeline before', async ({ page }) => {
  await page.goto('/recovery/restore')
  await page.getByLabel('Along timeline').first().click()
  await page
    .getByRole('option', { name: /^Timeline/ })
    .last()
    .click()
  await expect(page).toHaveURL(/timeline=\d/)
  await expect(planOf(page)).toContainText('Can be reached')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the instructions' }).click()
  expect(readFileSync(await (await saved).path(), 'utf8')).toContain('--target-timeline')
})

test('a viewer sees the plan, and can order nothing', async ({ browser }) => {
  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const page = await context.newPage()
  await signIn(page, 'viewer')
  await page.goto('/recovery/restore')
  await expect(planOf(page)).toContainText('Can be reached')
  await expect(page.getByRole('button', { name: 'Download the instructions' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Restore beside the cluster' })).toHaveCount(0)
  await context.close()
})
