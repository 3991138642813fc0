import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
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

test('who comes by another name, through a proxy, signs in and out there', async ({ browser }) => {
  const { port } = new URL(credentials().url)
  const proxy = createServer((asked, answer) => {
    const { method, url: path, headers } = asked
    // As nginx does with `proxy_set_header Host $host`.
    const on = request({ host: '127.0.0.1', port, method, path, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers)
      told.pipe(answer)
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const page = await (await browser.newContext({ storageState: undefined })).newPage()
  await signIn(page, 'viewer', { ...credentials(), url })
  expect(new URL(page.url()).origin).toBe(url)
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL(`${url}/sign-in`)
  await page.goto(`${url}/events?from=-7d`)
  await expect(page).toHaveURL(`${url}/sign-in?callbackUrl=%2Fevents%3Ffrom%3D-7d`)
  await page.context().close()
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
})
