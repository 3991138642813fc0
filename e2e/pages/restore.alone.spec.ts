import type { Page } from '@playwright/test'
import { ensureBackup } from '@/e2e/fixtures/backups'
import { credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

/** What a restore would do, before anything is ordered. */

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
  // A plan that takes long on a busy machine follows its page: then the page is asked for again.
  const isDrawn = async () => {
    const html = await (await page.request.get(address)).text()
    return html.replace(/<script[\s\S]*?<\/script>/g, '').includes('Can be reached')
  }
  await expect.poll(isDrawn).toBe(true)
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
