import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { test as plain } from '@/e2e/fixtures/in-place'
import { call, credentials } from '@/e2e/fixtures/product'
import { makeShop } from '@/e2e/fixtures/shop'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

const USERS = '/api/analytics/user/users'
const ask = async (page: Page, path: string) => (await page.request.get(path)).json()

/** Records of all five kinds of a new user. */
async function recordUser(userId: string): Promise<void> {
  const records = [
    {
      kind: 'event',
      name: 'signed_up',
      pageUrl: 'https://shop.example/welcome',
      properties: { plan: 'pro' },
    },
    { kind: 'event', name: 'signed_in' },
    { kind: 'feature', feature: 'export', action: 'used', success: false, error: 'No room' },
    { kind: 'stage', funnel: 'checkout-e2e', stage: 'cart', stageOrder: 1 },
    { kind: 'step', journey: 'onboarding-e2e', step: 'hello' },
    { kind: 'response', survey: 'nps', score: 3, response: 'Please delete me' },
  ]
  const body = { records: records.map((record) => ({ ...record, userId })) }
  expect((await call('POST', '/api/analytics/user/events/batch', { body })).status).toBe(202)
}

interface Users {
  items: { userId: string; events: number }[]
  nextCursor: string
}

test('the list shows the API’s users, page by page, and finds one by a part of the id', async ({
  page,
  session,
}) => {
  const shop = await makeShop(session)
  const first = await shop.ask<Users>('/users?limit=50')
  await page.goto(shop.at('/users'))
  const table = page.getByRole('table', { name: 'Users' })
  await expect(table.getByRole('row')).toHaveCount(51)
  for (const { userId, events } of first.items.slice(0, 10)) {
    const row = table.getByRole('row').filter({ has: page.getByRole('link', { name: userId, exact: true }) })
    await expect(row).toContainText(events.toLocaleString('en'))
  }
  await page.getByRole('button', { name: 'Older' }).click()
  const second = await shop.ask<Users>(`/users?limit=50&cursor=${encodeURIComponent(first.nextCursor)}`)
  await expect(table.getByRole('link', { name: second.items[0]?.userId ?? '?', exact: true })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search users by id' }).fill('USER-00')
  await expect(page).toHaveURL(/search=USER-00/)
  const found = await shop.ask<Users>('/users?limit=50&search=USER-00')
  await expect(table.getByRole('row')).toHaveCount(found.items.length + 1)
  await expect(table.getByRole('link').first()).toContainText('user-00')
})

test('a user’s page shows all five kinds, in any of which it can be read alone', async ({ page }) => {
  const userId = `odd/id %?#&ü .. <b> ${Date.now()}@example.com`
  await recordUser(userId)
  await page.goto(`/users?search=${encodeURIComponent(userId)}`)
  await page.getByRole('link', { name: userId, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: userId })).toBeVisible()
  const { records, days } = await ask(page, `${USERS}/${encodeURIComponent(userId)}`)
  expect(records).toEqual({ event: 2, feature: 1, stage: 1, step: 1, response: 1 })
  expect(days).toHaveLength(90)
  const timeline = page.getByRole('table', { name: 'Timeline' })
  await expect(timeline.getByRole('row')).toHaveCount(7)
  for (const title of ['signed_up', 'signed_in', 'export', 'cart', 'hello', 'nps'])
    await expect(timeline.getByRole('button', { name: title, exact: true })).toBeVisible()
  await page.getByRole('combobox', { name: 'Kind of record' }).click()
  await page.getByRole('option', { name: 'Funnel stages' }).click()
  await expect(page).toHaveURL(/kind=stage/)
  await expect(timeline.getByRole('row')).toHaveCount(2)
  await timeline.getByRole('button', { name: 'cart' }).click()
  await expect(page.getByRole('dialog')).toContainText('checkout-e2e')
  await page.keyboard.press('Escape')
  // The address holds, and has the policy of every page though it ends like a file.
  const response = await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: userId })).toBeVisible()
  expect(response?.headers()['content-security-policy']).toContain('nonce-')
})

test('an export holds everything that is stored', async ({ page }) => {
  const userId = `export-${Date.now()}`
  await recordUser(userId)
  await page.goto(`/users/${userId}`)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe(`user-${userId}.json`)
  const exported = JSON.parse(readFileSync(await download.path(), 'utf8'))
  const { exportedAt: _, ...stored } = await ask(page, `${USERS}/${userId}/export`)
  expect(exported).toMatchObject(stored)
  expect(exported.records.user_events).toHaveLength(2)
  expect(exported.records.user_satisfaction[0].response).toBe('Please delete me')
})

test('a deletion says what it does, wants the id typed, and gives a receipt', async ({ page }) => {
  test.slow()
  const userId = `delete-${Date.now()}`
  await recordUser(userId)
  await page.goto(`/users/${userId}`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('6 records')
  await expect(dialog).toContainText('2 events')
  const confirm = dialog.getByRole('button', { name: 'Delete the user' })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type the user’s id to confirm').fill(userId)
  await confirm.click()
  const receipt = page.getByRole('region', { name: 'Deleted' })
  // Right after a start it waits for what is still being counted.
  await expect(receipt).toContainText(userId)
  for (const [table, rows] of Object.entries({
    user_events: 2,
    feature_usage: 1,
    conversion_funnels: 1,
    user_journeys: 1,
    user_satisfaction: 1,
  })) {
    const term = receipt.locator('dt').filter({ hasText: new RegExp(`^${table}$`) })
    await expect(term.locator('+ dd')).toHaveText(String(rows))
  }
  expect((await page.request.get(`${USERS}/${userId}`)).status()).toBe(404)
  await page.goto(`/users/${userId}`)
  await expect(page.getByRole('heading', { name: 'Nothing is stored about this user' })).toBeVisible()
  await page.goto(`/users?search=${userId}`)
  await expect(page.getByRole('cell', { name: 'No user matches' })).toBeVisible()
})

plain('who is no admin cannot delete, by the page or by the API', async ({ page }) => {
  const { url } = credentials()
  const userId = `kept-${Date.now()}`
  await recordUser(userId)
  await signIn(page, 'viewer')
  await page.goto(`${url}/users/${userId}`)
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeHidden()
  expect((await page.request.delete(`${url}${USERS}/${userId}`)).status()).toBe(403)
  expect((await page.request.get(`${url}${USERS}/${userId}`)).status()).toBe(200)
})
