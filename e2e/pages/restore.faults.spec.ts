import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { untilBackedUp, untilIdle } from '@/e2e/fixtures/backups'
import { call } from '@/e2e/fixtures/product'
import { expect, freshAdmin, test } from '@/e2e/fixtures/signed-in'

/** A moment is brought back: planned, restored beside the cluster, cut over to; by hand, in a real browser. */

test.describe.configure({ mode: 'serial' })

// An order wants the password again when the sign-in is older than 5 minutes, as the worker's would be.
test.use({ storageState: freshAdmin })

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

test('records are undone to a second: plan, instructions, restore, cut-over', async ({ page }) => {
  await untilBackedUp(page)
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
  await expect(page.getByText(/^Restored to/).first()).toBeVisible()
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
  await expect(task.getByText('Succeeded')).toBeVisible()
  await expect.poll(() => stored(nameBefore)).toBe(5)
  await expect.poll(() => stored(nameAfter)).toBe(0)
})

test('after it the cluster is whole, and takes records', async ({ page, complaints }) => {
  const status = async () =>
    (await (await page.request.get('/api/disaster-recovery/replication/status')).json()).status
  await expect.poll(status).toBe('pass')
  await record(nameAfter, 2)
  await expect.poll(() => stored(nameAfter)).toBe(2)
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
  // Until its plan is there the one before is shown.
  await expect(async () => {
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download the instructions' }).click()
    expect(readFileSync(await (await saved).path(), 'utf8')).toContain('--target-timeline')
  }).toPass()
})
