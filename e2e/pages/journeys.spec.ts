import { call } from '@/e2e/fixtures/product'
import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'

interface Journeys {
  started: number
  completed: number
  steps: { name: string; visits: number; exits: number }[]
  topPaths: { path: string[]; count: number }[]
  transitions: { from: string; to: string; count: number }[]
}

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

const thousands = (count: number): string => count.toLocaleString('en-US')

/** What the API answers, with the query of a page's address. */
async function ask(query: Record<string, string>): Promise<Journeys> {
  return shop.ask<Journeys>(`/journeys/analytics?${new URLSearchParams(query)}`)
}

test('a journey is chosen and anchored at a step, and the numbers are the API’s', async ({ page }) => {
  await page.goto(shop.at('/journeys'))
  await page.getByRole('combobox', { name: 'Journey' }).click()
  await page.getByRole('option', { name: /^onboarding\b(?!-)/ }).click()
  await expect(page).toHaveURL(/journey=onboarding/)
  const all = await ask({ journey: 'onboarding' })
  const steps = page.getByRole('table', { name: 'Steps' })
  for (const { name, visits, exits } of all.steps) {
    const row = steps.getByRole('row').filter({ hasText: name }).first()
    await expect(row).toContainText(thousands(visits))
    await expect(row).toContainText(thousands(exits))
  }
  await steps.getByRole('button', { name: 'connect_data' }).click()
  await expect(page).toHaveURL(/start=connect_data/)
  const anchored = await ask({ journey: 'onboarding', start: 'connect_data' })
  expect(anchored.started).toBeLessThan(all.started)
  await expect(page.getByText(thousands(anchored.started), { exact: true }).first()).toBeVisible()
  const first = anchored.topPaths[0]
  const paths = page.getByRole('table', { name: 'Top paths' })
  await expect(paths.getByRole('row').nth(1)).toContainText(thousands(first?.count ?? -1))
})

test('the flow is drawn, and its rows stand in the table beside it', async ({ page }) => {
  await page.goto(shop.at('/journeys?journey=trading'))
  const flow = page.getByRole('region', { name: 'Flow', exact: true })
  await expect(flow.getByRole('img', { name: /^Flow of/ })).toBeVisible()
  await expect(flow.locator('svg path[class*=link]').nth(5)).toBeAttached()
  await expect(flow.locator('svg text', { hasText: 'view_quote' }).first()).toBeVisible()
  await flow.getByRole('button', { name: 'Show Flow as a table' }).click()
  await expect(flow.getByRole('table', { name: /flow/i }).getByRole('row').nth(1)).toContainText('view_quote')
})

test('page views of sessions are a journey too', async ({ page }) => {
  await page.goto(shop.at('/journeys?source=events'))
  const { started, transitions } = await ask({ source: 'events' })
  await expect(page.getByText(thousands(started), { exact: true }).first()).toBeVisible()
  const first = transitions[0]
  const row = page.getByRole('table', { name: 'Transitions' }).getByRole('row').nth(1)
  await expect(row).toContainText(first?.from ?? '?')
  await expect(row).toContainText(thousands(first?.count ?? -1))
  await expect(page.getByRole('table', { name: 'Runs' })).toBeHidden()
})

test('a run opens with its steps in their order', async ({ page }) => {
  // One reading of the clock: the steps lie whole minutes apart.
  const now = Date.now()
  const userId = `walker-${now}`
  const at = (minutes: number) => new Date(now - 3_600_000 + minutes * 60_000).toISOString()
  const journey = 'e2e-walk'
  // As it may arrive: the last first.
  const records = [
    { kind: 'step', journey, completed: true, userId, occurredAt: at(9) },
    { kind: 'step', journey, step: 'bridge', userId, occurredAt: at(3) },
    { kind: 'step', journey, step: 'gate', userId, occurredAt: at(0) },
  ]
  expect(
    (await call('POST', '/api/analytics/user/events/batch', { key: shop.secretKey, body: { records } }))
      .status,
  ).toBe(202)
  await page.goto(shop.at(`/journeys?journey=${journey}&userId=${userId}`))
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').nth(1).getByRole('button').click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText(userId)
  const stops = drawer.getByRole('list').getByRole('listitem')
  await expect(stops.nth(0)).toContainText(/gate.*3 min 0 s.*Next\s*bridge/s)
  await expect(stops.nth(1)).toContainText(/bridge.*6 min 0 s.*Previous\s*gate/s)
  await expect(stops.nth(2)).toContainText('Completed')
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
})

test('a project without journeys shows the lines that record one', async ({ page }) => {
  const answer = await page.request.post('/api/access/projects', {
    data: { name: `no journeys ${Date.now()}` },
  })
  const { project } = await answer.json()
  await page.goto(`/journeys?project=${project.id}`)
  await expect(page.getByText(/\/api\/analytics\/user\/journeys\/track/).first()).toBeVisible()
})
