import { type Receiver, startReceiver } from '@/e2e/fixtures/receiver'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

/** Who is told of alerts, and who may change that. */

const ALERTS = '/api/disaster-recovery/alerts'

test.describe.configure({ mode: 'serial' })

let receiver: Receiver
test.beforeAll(async () => {
  receiver = await startReceiver()
})
test.afterAll(() => receiver.stop())

test('a channel is added and tested: the message arrives, and its address is shown to nobody', async ({
  page,
}) => {
  await page.goto('/recovery/alerts')
  await page.getByRole('button', { name: 'Add a channel' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('On call')
  await dialog.getByRole('button', { name: 'Add the channel' }).click()
  await expect(dialog.getByText('An address is needed')).toBeVisible()
  await dialog.getByLabel('Address').fill(receiver.url)
  await dialog.getByRole('button', { name: 'Add the channel' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Test On call' }).click()
  await expect(page.getByText('it was taken')).toBeVisible()
  expect(receiver.got).toMatchObject([{ kind: 'test' }])
  expect(await (await page.request.get(`${ALERTS}/channels`)).text()).not.toContain('secret-path')
})

test('a viewer sees alerts and changes nothing; what makes no sense is refused with the reason', async ({
  page,
  browser,
}) => {
  const wrong = { warn: 0.9, critical: 0.8, holdSeconds: 1, clearSeconds: 1 }
  const refused = await page.request.put(`${ALERTS}/rules/connections`, { data: wrong })
  expect([refused.status(), (await refused.json()).errors[0].path]).toEqual([422, 'critical'])
  for (const path of ['rules/nothing', 'rules/%00', 'channels/not-a-uuid'])
    expect((await page.request.delete(`${ALERTS}/${path}`)).status()).toBeLessThan(500)

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const other = await context.newPage()
  await signIn(other, 'viewer')
  await other.goto('/recovery/alerts')
  await expect(other.getByRole('button', { name: 'Connections run out', exact: true })).toBeVisible()
  await expect(other.getByRole('button', { name: 'Add a channel' })).toBeHidden()
  await other.getByRole('button', { name: 'Connections run out', exact: true }).click()
  await expect(other.getByRole('dialog').getByRole('button', { name: 'Save' })).toBeHidden()
  expect((await other.request.get(`${ALERTS}/channels`)).status()).toBe(403)
  expect((await other.request.put(`${ALERTS}/rules/connections`, { data: wrong })).status()).toBe(403)
  await context.close()
})

test('a channel is deleted', async ({ page }) => {
  await page.goto('/recovery/alerts')
  await page.getByRole('button', { name: 'Delete On call' }).click()
  await page.getByRole('button', { name: 'Delete the channel' }).click()
  await expect(page.getByText('Nobody is told yet')).toBeVisible()
})
