import { readFileSync } from 'node:fs'
import { call } from '@/e2e/fixtures/product'
import { makeProject, makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'
import type { Feature } from '@/lib/analytics/features/contract'

const shown = (value: number) => value.toLocaleString('en')
const percent = (fraction: number | null) => (fraction === null ? '–' : `${(fraction * 100).toFixed(1)}%`)

async function featuresOf(search = ''): Promise<Feature[]> {
  return (await shop.ask<{ features: Feature[] }>(`/features/stats?limit=200${search}`)).features
}

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

test('the table holds the API’s numbers, and is sorted by any of them', async ({ page }) => {
  const features = await featuresOf()
  await page.goto(shop.at('/features'))
  const table = page.getByRole('table', { name: 'Features' })
  for (const feature of features.slice(0, 10)) {
    const row = table
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: feature.name, exact: true }) })
    for (const number of [feature.users, feature.opened, feature.used, feature.completed])
      await expect(row.getByRole('cell', { name: shown(number), exact: true }).first()).toBeVisible()
    await expect(row).toContainText(percent(feature.adoptionRate))
    await expect(row).toContainText(percent(feature.successRate))
    if (feature.errors[0]) await expect(row).toContainText(feature.errors[0].message)
  }
  const best = features.filter(({ successRate }) => successRate !== null)
  best.sort((a, b) => (b.successRate ?? 0) - (a.successRate ?? 0))
  const head = table.getByRole('columnheader', { name: 'Success' })
  const first = table.getByRole('row').nth(1)
  await head.getByRole('button').click()
  await expect(head).toHaveAttribute('aria-sort', 'descending')
  await expect(first).toContainText(percent(best[0]?.successRate ?? null))
  await head.getByRole('button').click()
  await expect(head).toHaveAttribute('aria-sort', 'ascending')
  await expect(first).toContainText(percent(best.at(-1)?.successRate ?? null))
  await expect(page).toHaveURL(/sort=success/)
})

test('a feature opens with its trend, errors, breakdown and retention, under an address to share', async ({
  page,
}) => {
  await page.goto(shop.at('/features?from=-7d'))
  await page.getByRole('link', { name: 'csv_export', exact: true }).click()
  await expect(page).toHaveURL(/\/features\/csv_export\?.*from=-7d/)
  await expect(page.getByRole('heading', { level: 1, name: 'csv_export' })).toBeVisible()
  const [feature] = await featuresOf('&from=-7d&name=csv_export')
  if (!feature) throw new Error('The shop has no csv_export')
  await expect(page.getByText(shown(feature.users), { exact: true }).first()).toBeVisible()
  const errors = page.getByRole('table', { name: 'Errors of csv_export' })
  for (const { message, count } of feature.errors) {
    const row = errors.getByRole('row').filter({ hasText: message })
    await expect(row.getByRole('cell', { name: shown(count), exact: true })).toBeVisible()
  }
  const retention = await shop.ask<{ cohorts: { users: number }[] }>(
    '/features/csv_export/retention?from=-7d&interval=week',
  )
  const cohorts = page.getByRole('region', { name: 'Cohorts' })
  for (const { users } of retention.cohorts) await expect(cohorts).toContainText(shown(users))
  await page.getByRole('combobox', { name: 'Break down by' }).click()
  await page.getByRole('option', { name: 'Action' }).click()
  await expect(page).toHaveURL(/breakdown=action/)
  await page
    .getByRole('table', { name: /Breakdown by/ })
    .getByRole('button', { name: 'used' })
    .click()
  await expect(page).toHaveURL(/action=used/)
  const [used] = await featuresOf('&from=-7d&name=csv_export&action=used')
  await expect(page.getByText(shown(used?.users ?? -1), { exact: true }).first()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Remove the filter Action is used' })).toBeVisible()
})

test('a feature’s name may hold any characters', async ({ page, session }) => {
  const shop = await makeProject(session)
  const feature = `100% a/b?#ü <b>.com ${Date.now()}`
  const body = { feature, action: 'used', userId: 'odd-feature', success: true }
  expect(
    (await call('POST', '/api/analytics/user/features/track', { body, key: shop.secretKey })).status,
  ).toBe(202)
  await page.goto(shop.at('/features'))
  await page.getByRole('link', { name: feature, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: feature })).toBeVisible()
  await expect(page.getByText('100.0%', { exact: true }).first()).toBeVisible()
  const response = await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: feature })).toBeVisible()
  expect(response?.headers()['content-security-policy']).toContain('nonce-')
})

test('the CSV holds every feature', async ({ page }) => {
  const features = await featuresOf()
  await page.goto(shop.at('/features'))
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download Adoption as CSV' }).click()
  const text = readFileSync(await (await downloading).path(), 'utf8')
  for (const { name, users } of features.slice(0, 10)) expect(text).toMatch(new RegExp(`${name}.*,${users},`))
})

test('without uses stand the lines that send one', async ({ page }) => {
  const answer = await page.request.post('/api/access/projects', { data: { name: `unused ${Date.now()}` } })
  const { project } = await answer.json()
  await page.goto(`/features?project=${project.id}`)
  await expect(page.getByText(/\/api\/analytics\/user\/features\/track/).first()).toBeVisible()
})
