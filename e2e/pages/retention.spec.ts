import { readFileSync } from 'node:fs'
import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'
import type { Retention } from '@/lib/analytics/retention/contract'

const percent = (rate: number | null): string => {
  if (rate === null) return '–'
  return rate > 0 && rate < 0.001 ? '<0.1%' : `${(rate * 100).toFixed(1)}%`
}

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

/** The rows of the picture: the average, then every cohort. */
const drawn = ({ average, cohorts }: Retention): string[][] => {
  const longest = Math.max(...cohorts.map(({ returned }) => returned.length))
  return [
    average.slice(0, longest).map(({ rate }) => percent(rate)),
    ...cohorts.map(({ returned }) => returned.map(({ rate }) => percent(rate))),
  ]
}

test('the heat map shows the API’s cohorts, by week and by day', async ({ page }) => {
  await page.goto(shop.at('/retention'))
  for (const interval of ['week', 'day']) {
    if (interval === 'day') {
      await page.getByRole('radiogroup', { name: 'Length of the intervals' }).getByText('Day').click()
      await expect(page).toHaveURL(/interval=day/)
    }
    const retention: Retention = await shop.ask(`/retention?interval=${interval}`)
    const rows = page.locator('section[aria-label="Cohorts"] [role=img] tbody tr')
    await expect(rows).toHaveCount(retention.cohorts.length + 1)
    for (const [index, cells] of drawn(retention).entries()) {
      // The first cell is the size of the cohort.
      await expect(rows.nth(index).locator('td')).toHaveText([/^[\d,]+$/, ...cells])
    }
  }
})

test('a return can be one event, and the address keeps it', async ({ page }) => {
  await page.goto(shop.at('/retention'))
  await page.getByRole('combobox', { name: 'Event that counts as a return' }).click()
  await page.getByRole('option', { name: 'Return: sign_in' }).click()
  await expect(page).toHaveURL(/event=sign_in/)
  const { average }: Retention = await shop.ask('/retention?interval=week&event=sign_in')
  await expect(page.getByText(percent(average[1]?.rate ?? null), { exact: true }).first()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Event that counts as a return' })).toHaveValue(
    'Return: sign_in',
  )
})

test('the CSV has a row for each cohort', async ({ page }) => {
  const { cohorts }: Retention = await shop.ask('/retention?interval=week')
  await page.goto(shop.at('/retention'))
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download Cohorts as CSV' }).click()
  const [, ...rows] = readFileSync(await (await downloading).path(), 'utf8')
    .trim()
    .split(/\r?\n/)
  expect(rows.map((row) => Number(row.split(',')[1]))).toEqual(cohorts.map(({ users }) => users))
})
