import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'

const METRICS = '/satisfaction/metrics'
const RESPONSES = '/satisfaction/responses'

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

interface Metrics {
  score: number
  responses: number
  distribution: { score: number; count: number }[]
  promoters: number
  passives: number
  detractors: number
  breakdown: [{ value: string; responses: number; score: number }]
  contextKeys: string[]
}

interface Responses {
  items: { userId: string; response: string }[]
  nextCursor: string
}

const surveys = {
  nps: { label: 'NPS', name: 'Net Promoter Score', shown: (score: number) => score.toFixed(1) },
  csat: {
    label: 'CSAT',
    name: 'Customer Satisfaction Score',
    shown: (score: number) => `${score.toFixed(1)}%`,
  },
  ces: { label: 'CES', name: 'Customer Effort Score', shown: (score: number) => score.toFixed(2) },
}

for (const [survey, { label, name, shown }] of Object.entries(surveys)) {
  test(`${label} shows the API’s score, distribution and groups`, async ({ page }) => {
    const metrics = await shop.ask<Metrics>(`${METRICS}?survey=${survey}`)
    await page.goto(shop.at('/satisfaction'))
    await page.getByRole('radiogroup', { name: 'Survey' }).getByText(label, { exact: true }).click()
    const panel = page.getByRole('region', { name })
    await expect(panel.getByRole('img', { name: new RegExp(`^${label}: `) })).toContainText(
      shown(metrics.score).replace('-', '−'),
    )
    await expect(panel).toContainText(metrics.responses.toLocaleString('en'))
    const rows = page.getByRole('table', { name: 'Responses by score' }).getByRole('row')
    await expect(rows).toHaveCount(metrics.distribution.length + 1)
    for (const [index, { score, count }] of metrics.distribution.entries()) {
      const cells = rows.nth(index + 1).getByRole('cell')
      await expect(cells.nth(0)).toHaveText(String(score))
      await expect(cells.nth(2)).toHaveText(count.toLocaleString('en'))
    }
    if (survey === 'nps') {
      const distribution = page.getByRole('region', { name: 'Distribution' })
      for (const group of ['promoters', 'passives', 'detractors'] as const)
        await expect(distribution).toContainText(
          `${((metrics[group] / metrics.responses) * 100).toFixed(1)}%`,
        )
    }
  })
}

test('the words of users are searched, narrowed by score, and paged', async ({ page }) => {
  await page.goto(shop.at('/satisfaction?survey=csat'))
  const table = page.getByRole('table', { name: 'Responses with a text' })
  const first = await shop.ask<Responses>(`${RESPONSES}?survey=csat&limit=25`)
  await expect(table.getByRole('row')).toHaveCount(first.items.length + 1)
  await expect(table.getByRole('row').nth(1)).toContainText(first.items[0]?.response ?? '?')

  await page.getByRole('button', { name: 'Older' }).click()
  const second = await shop.ask<Responses>(`${RESPONSES}?survey=csat&limit=25&cursor=${first.nextCursor}`)
  await expect(table.getByRole('row').nth(1)).toContainText(second.items[0]?.userId ?? '?')
  await expect(page).toHaveURL(/cursor=/)

  await page.getByRole('searchbox', { name: 'Search the responses' }).fill('out timing')
  await expect(page).toHaveURL(/search=out/)
  await expect(page).not.toHaveURL(/cursor=/)
  const found = await shop.ask<Responses>(`${RESPONSES}?survey=csat&limit=25&search=out%20timing`)
  await expect(table.getByRole('row')).toHaveCount(found.items.length + 1)
  expect(found.items.length).toBeGreaterThan(1)
  for (const row of (await table.getByRole('row').all()).slice(1))
    await expect(row).toContainText(/timing out/)

  await page.getByRole('combobox', { name: 'Scores' }).click()
  await page.getByRole('option', { name: 'Score 1', exact: true }).click()
  await expect(page).toHaveURL(/scores=1/)
  const ones = await shop.ask<Responses>(`${RESPONSES}?survey=csat&search=out%20timing&scoreFrom=1&scoreTo=1`)
  await expect(table.getByRole('row')).toHaveCount(Math.max(1, ones.items.length) + 1)
  await page.reload()
  await expect(page.getByRole('searchbox', { name: 'Search the responses' })).toHaveValue('out timing')
})

test('responses are broken down by a key of their context, and filtered by its value', async ({ page }) => {
  const { breakdown, contextKeys } = await shop.ask<Metrics>(`${METRICS}?survey=csat&breakdown=context.after`)
  expect(contextKeys).toContain('after')
  await page.goto(shop.at('/satisfaction?survey=csat'))
  await page.getByRole('combobox', { name: 'Break down by' }).click()
  await page.getByRole('option', { name: 'after' }).click()
  const table = page.getByRole('table', { name: 'CSAT by after' })
  const [{ value, responses, score }] = breakdown
  const row = table.getByRole('row').filter({ hasText: value })
  await expect(row).toContainText(responses.toLocaleString('en'))
  await expect(row).toContainText(`${score.toFixed(1)}%`)
  await row.getByRole('button', { name: value }).click()
  await expect(page.getByRole('button', { name: `Remove the filter after is ${value}` })).toBeVisible()
  await expect(page.getByRole('img', { name: /^CSAT: / })).toContainText(`${score.toFixed(1)}%`)
})

test('without responses stand the lines that send one', async ({ page }) => {
  const answer = await page.request.post('/api/access/projects', { data: { name: `unasked ${Date.now()}` } })
  const { project } = await answer.json()
  await page.goto(`/satisfaction?project=${project.id}&survey=ces`)
  await expect(page.getByText(/"survey": "ces"/).first()).toBeVisible()
})
