import { test as plain } from '@/e2e/fixtures/in-place'
import { call, credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

const TRACK = '/api/analytics/user/events/track'
const FEATURE = '/api/analytics/user/features/track'

test('a key made in place stands in every snippet, and the page says when the first record arrives', async ({
  page,
}) => {
  const made = await page.request.post('/api/access/projects', { data: { name: `install ${Date.now()}` } })
  const { project } = await made.json()
  await page.goto(`/settings/install?project=${project.id}`)
  await expect(page.getByText('The project has no records yet.')).toBeVisible()
  await expect(page.getByText('No origin is allowed yet')).toBeVisible()
  await page.getByRole('button', { name: 'Make a write key' }).click()
  const line = page.getByRole('region', { name: 'The line for your pages' }).locator('pre')
  await expect(line).toHaveText(/holdfast\.js" data-key="wk_[\w-]{32}"/)
  const key = /wk_[\w-]{32}/.exec((await line.textContent()) ?? '')?.[0] ?? ''
  for (const recipe of ['HTML', 'React', 'Next.js', 'Vue', 'npm']) {
    await page.getByRole('tab', { name: recipe }).click()
    const panel = page.getByRole('tabpanel')
    for (const expected of [key, 'identify', 'add_to_cart', credentials().url])
      await expect(panel).toContainText(expected)
  }

  const check = page.getByRole('region', { name: 'Does anything arrive?' })
  await expect(check).toContainText('Waiting for the first record…')
  const pageUrl = 'https://shop.example/cart'
  const event = { name: 'first', userId: 'u', pageUrl }
  expect((await call('POST', TRACK, { key, body: event })).status).toBe(202)
  await expect(check).toContainText('event first')
  await expect(check).toContainText(pageUrl)

  // Records of any kind count, not events alone.
  await check.getByRole('button', { name: 'Wait for another' }).click()
  await expect(check).toContainText('Waiting for the first record…')
  await call('POST', FEATURE, { key, body: { feature: 'wishlist', action: 'opened', userId: 'u' } })
  await expect(check).toContainText('feature wishlist')

  await page.reload()
  await expect(check).toContainText('The newest is feature wishlist')
  expect(await page.content()).not.toContain(key)
})

test('a pasted key is looked at, and a secret one kept out of the lines', async ({ page }) => {
  const { project } = credentials()
  await page.goto('/settings/install')
  const line = page.getByRole('region', { name: 'The line for your pages' }).locator('pre')
  await expect(line).toContainText('data-key="wk_…"')
  const field = page.getByLabel('Or paste one that you have')
  await field.fill(project.secretKey)
  await expect(page.getByText(/This is a secret key/)).toBeVisible()
  await expect(line).toContainText('data-key="wk_…"')
  await field.fill('wk_short')
  await expect(page.getByText(/A write key begins with wk_/)).toBeVisible()
  await field.fill(project.writeKey)
  await expect(line).toContainText(project.writeKey)
  await expect(page.getByText('http://localhost:*', { exact: true })).toBeVisible()
})

test('an empty Events page leads to the lines for its project', async ({ page }) => {
  const made = await page.request.post('/api/access/projects', { data: { name: `new ${Date.now()}` } })
  const { project } = await made.json()
  await page.goto(`/events?project=${project.id}`)
  await page.getByRole('main').getByRole('link', { name: 'Install' }).click()
  await expect(page).toHaveURL(new RegExp(`/settings/install\\?project=${project.id}`))
  await expect(page.getByRole('heading', { level: 1, name: 'Install' })).toBeVisible()
})

plain('who may not make keys can paste one', async ({ page }) => {
  const { url } = credentials()
  await signIn(page, 'viewer')
  await page.goto(`${url}/settings/install`)
  await expect(page.getByLabel('Paste a write key')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Make a write key' })).toBeHidden()
})
