import type { Page } from '@playwright/test'
import { expect, test } from '@/e2e/fixtures/in-place'
import { credentials } from '@/e2e/fixtures/product'
import { type StorageState, signIn } from '@/e2e/fixtures/signed-in'

// It ends all sessions of the viewer, which other tests have, too.
test('a cookie that was copied is worth nothing after a sign-out, here or everywhere', async ({
  browser,
}) => {
  const { url } = credentials()
  const open = async (storageState?: StorageState) =>
    (await browser.newContext({ baseURL: url, storageState })).newPage()
  const status = async (page: Page) => (await page.request.get('/api/access/projects')).status()
  const [mine, other] = [await open(), await open()]
  await signIn(mine, 'viewer')
  await signIn(other, 'viewer')
  const copied = await open(await mine.context().storageState())
  expect([await status(copied), await status(other)]).toEqual([200, 200])
  const leave = async (page: Page, name: string) => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('button', { name, exact: true }).click()
    await page.waitForURL('**/sign-in**')
  }
  await leave(mine, 'Sign out')
  expect([await status(copied), await status(other)]).toEqual([401, 200])
  await signIn(mine, 'viewer')
  const again = await open(await mine.context().storageState())
  expect(await status(again)).toBe(200)
  await leave(other, 'Sign out everywhere')
  expect([await status(mine), await status(again)]).toEqual([401, 401])
  await signIn(other, 'viewer')
  for (const page of [mine, other, copied, again]) await page.context().close()
})
