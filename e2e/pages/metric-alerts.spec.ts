import { makeViewer } from '@/e2e/fixtures/account'
import { call, credentials } from '@/e2e/fixtures/product'
import { makeProject } from '@/e2e/fixtures/shop'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

// That one fires and resolves is among the faults: its banner would stand on every page of the others here.

test('a metric alert is made, measured, changed, turned off and deleted; a viewer only sees it', async ({
  page,
  browser,
  session,
  complaints,
}) => {
  const shop = await makeProject(session)
  const records = ['checkout', 'checkout', 'refund'].map((name) => ({
    ...{ kind: 'event', type: 'custom', userId: 'u1', name },
  }))
  await call('POST', '/api/analytics/user/events/batch', { key: shop.secretKey, body: { records } })
  await page.goto(shop.at('/metric-alerts'))
  await expect(page.getByText('No metric alerts yet')).toBeVisible()
  await page.getByRole('button', { name: 'New metric alert' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Checkouts drop')
  await dialog.getByRole('combobox', { name: 'Which event' }).fill('check')
  await page.getByRole('option', { name: 'checkout' }).click()
  await dialog.getByLabel('Fires when').click()
  await page.getByRole('option', { name: 'falls by' }).click()
  await dialog.getByLabel('Bound').fill('200')
  await dialog.getByRole('button', { name: 'Make the alert' }).click()
  await expect(dialog.getByText('A share that is lost is from 0 to 1')).toBeVisible()
  // The refusal.
  complaints.splice(0)
  await dialog.getByLabel('Bound').fill('20')
  await dialog.getByLabel('In the last').click()
  await page.getByRole('option', { name: '7 days' }).click()
  await dialog.getByLabel('Of at least so many events').fill('1')
  await dialog.getByRole('button', { name: 'Make the alert' }).click()
  await expect(dialog).toBeHidden()

  const row = page.getByRole('row', { name: /Checkouts drop/ })
  await expect(row).toContainText('the count of checkout falls by 20% in 7 days')
  // By the worker, in its time.
  await expect(row).toContainText('0 events in the 7 days before, at least 1 needed')
  await page.getByRole('button', { name: 'Checkouts drop', exact: true }).click()
  await expect(dialog.getByLabel('Bound')).toHaveValue('20%')
  await dialog.getByRole('switch', { name: 'Watch it' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('it is off')

  const viewer = await browser.newPage({ storageState: undefined, baseURL: credentials().url })
  await signIn(viewer, await makeViewer(session, [shop.id]))
  await viewer.goto(shop.at('/metric-alerts'))
  await expect(viewer.getByRole('row', { name: /Checkouts drop/ })).toBeVisible()
  await expect(viewer.getByRole('button', { name: /Checkouts drop|New metric alert/ })).toHaveCount(0)
  await viewer.close()

  await page.getByRole('button', { name: 'Delete Checkouts drop' }).click()
  await page.getByRole('button', { name: 'Delete the alert' }).click()
  await expect(page.getByText('No metric alerts yet')).toBeVisible()
})
