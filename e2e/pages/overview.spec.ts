import { expect, test } from '@/e2e/fixtures/signed-in'

const percent = (rate: number) => `${(rate * 100).toFixed(1)}%`

test('the cards hold the API’s numbers, and lead to their pages', async ({ page }) => {
  const ask = async (path: string) => (await page.request.get(`/api/analytics/user${path}`)).json()
  const [{ funnels }, stats, nps] = await Promise.all([
    ask('/funnels'),
    ask('/features/stats?from=-7d&compare=previous'),
    ask('/satisfaction/metrics?survey=nps'),
  ])
  await page.goto('/overview')

  const checkout = funnels.find(({ name }: { name: string }) => name === 'checkout')
  const funnel = page.getByRole('table', { name: 'Funnels' }).getByRole('row').filter({ hasText: 'checkout' })
  await expect(funnel.first()).toContainText(percent(checkout.conversionRate))

  // The demo's release of a week ago broke its exports: the deepest fall stands first.
  const { successRate } = stats.features.find(({ name }: { name: string }) => name === 'csv_export')
  const worst = page
    .getByRole('table', { name: /^Success of features/ })
    .getByRole('row')
    .nth(1)
  await expect(worst).toContainText('csv_export')
  await expect(worst).toContainText(percent(successRate))
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
