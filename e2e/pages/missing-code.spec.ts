import type { Browser, Page } from '@playwright/test'
import { credentials } from '@/e2e/fixtures/product'
import { makeProject } from '@/e2e/fixtures/shop'
import { expect, type StorageState, test } from '@/e2e/fixtures/signed-in'

const CODE = '**/_next/static/**'

/**
 * The keys of a new project, on a page that gets none of the code that it fetches from now on, as when a new version has replaced it
 * or nobody answers. Of a browser that nobody has touched: a first sign of somebody would fetch it.
 */
async function openKeys(browser: Browser, session: StorageState, names: string[]): Promise<Page> {
  const project = await makeProject(session)
  const page = await browser.newPage({ storageState: session, baseURL: credentials().url })
  for (const name of names) {
    const key = { project: project.id, name, kind: 'write' }
    expect((await page.request.post('/api/access/keys', { data: key })).ok()).toBe(true)
  }
  await page.goto(project.at('/settings/keys'))
  await page.waitForLoadState('networkidle')
  await page.route(CODE, (route) => route.abort())
  return page
}

const revokeOf = (page: Page, key: string) => page.getByRole('button', { name: `Revoke ${key}`, exact: true })

/** Revokes a key, or not after all, where the browser itself asks. */
async function revoke(page: Page, key: string, sure: boolean): Promise<void> {
  const asking = page.waitForEvent('dialog', { timeout: 30_000 })
  await revokeOf(page, key).click()
  const dialog = await asking
  const words = dialog.message()
  await (sure ? dialog.accept() : dialog.dismiss())
  expect(words).toMatch(
    new RegExp(`^Revoke ${key}\\?\n\nEverything that .* cannot be undone\\.\n\nRevoke the key\\?$`),
  )
}

test('without their code, a question is still asked and a message told; with it, as ever', async ({
  browser,
  session,
}) => {
  const page = await openKeys(browser, session, ['kept', 'first', 'second', 'third'])
  await revoke(page, 'kept', false)

  await revoke(page, 'first', true)
  const first = page.getByRole('alert').filter({ hasText: 'first is revoked.' })
  await expect(first).toBeVisible()
  await expect(first).toBeHidden()

  await revoke(page, 'second', true)
  const second = page.getByRole('alert').filter({ hasText: 'second is revoked.' })
  await second.getByRole('button', { name: 'Dismiss' }).click()
  await expect(second).toBeHidden()

  await page.unroute(CODE)
  await revokeOf(page, 'third').click()
  const dialog = page.getByRole('dialog', { name: 'Revoke third?' })
  await dialog.getByRole('button', { name: 'Revoke the key' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'third is revoked.' })).toBeVisible()
  for (const key of ['first', 'second', 'third']) await expect(revokeOf(page, key)).toBeHidden()
  await expect(revokeOf(page, 'kept')).toBeVisible()
  await page.close()
})

test('a dialog whose code does not come fails its page, which is loaded again once somebody answers', async ({
  browser,
  session,
}) => {
  const page = await openKeys(browser, session, [])
  const open = page.getByRole('button', { name: 'Create a key', exact: true })
  const failed = page.getByRole('alert').filter({ hasText: 'A part of this page could not be fetched' })
  const again = failed.getByRole('button', { name: 'Try again' })
  await open.click()
  await expect(again).toBeVisible()
  await page.route(
    ({ pathname }) => pathname === '/settings/keys',
    (route) => route.abort(),
  )
  await again.click()
  await expect(failed).toBeHidden()
  await open.click()
  await expect(again).toBeVisible()

  await page.unrouteAll()
  const loaded = page.waitForEvent('load')
  await again.click()
  await loaded
  await page.waitForLoadState('networkidle')
  await open.click()
  await expect(page.getByRole('dialog', { name: 'Create a key' })).toBeVisible()
  await page.close()
})
