import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'

const percent = (rate: number) => `${(rate * 100).toFixed(1)}%`

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

test('the cards hold the API’s numbers, and lead to their pages', async ({ page }) => {
  const [{ funnels }, stats, nps] = await Promise.all([
    shop.ask<{ funnels: { name: string; conversionRate: number }[] }>('/funnels'),
    shop.ask<{ features: { name: string; successRate: number }[] }>(
      '/features/stats?from=-7d&compare=previous',
    ),
    shop.ask<{ score: number }>('/satisfaction/metrics?survey=nps'),
  ])
  await page.goto(shop.at('/overview'))

  const checkout = funnels.find(({ name }) => name === 'checkout')
  const funnel = page.getByRole('table', { name: 'Funnels' }).getByRole('row').filter({ hasText: 'checkout' })
  await expect(funnel.first()).toContainText(percent(checkout?.conversionRate ?? Number.NaN))

  // Its exports broke a week ago: the deepest fall stands first.
  const broken = stats.features.find(({ name }) => name === 'csv_export')
  const worst = page
    .getByRole('table', { name: /^Success of features/ })
    .getByRole('row')
    .nth(1)
  await expect(worst).toContainText('csv_export')
  await expect(worst).toContainText(percent(broken?.successRate ?? Number.NaN))
  await expect(worst).toContainText('▼')

  await expect(page.getByRole('img', { name: /^NPS: / })).toContainText(
    nps.score.toFixed(1).replace('-', '−'),
  )
  await worst.getByRole('link', { name: 'csv_export' }).click()
  await expect(page).toHaveURL(/\/features\/csv_export\?.*from=-7d/)
  await page.goBack()
  await page.getByRole('link', { name: 'Satisfaction', exact: true }).last().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Satisfaction' })).toBeVisible()
})
