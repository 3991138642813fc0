import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { credentials } from '@/e2e/fixtures/product'
import { expect, test } from '@/e2e/fixtures/signed-in'
import { loginOf } from '@/scripts/test/issuer'

const newEmail = () => `${randomUUID()}@shop.example`

/** Goes to the issuer by the button, says there who one is, and comes back. */
async function comeFromIssuer(page: Page, login: string): Promise<void> {
  await page.context().clearCookies()
  await page.goto('/sign-in?callbackUrl=/recovery/replication')
  await page.getByRole('button', { name: 'Continue with the test’s issuer' }).click()
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('the issuer signs people in, with the role that its claim says, and turns others away', async ({
  page,
  browser,
}) => {
  const other = await browser.newPage({ storageState: undefined, baseURL: credentials().url })
  const account = async () => (await (await other.request.get('/api/auth/session')).json()).account
  const email = newEmail()
  await comeFromIssuer(other, loginOf(email, ['someone', 'viewer', 'operator']))
  await other.waitForURL('**/recovery/replication')
  const first = await account()
  expect(first).toMatchObject({ email, role: 'operator', memberships: [] })
  // They have proved just now who they are, as an order to the cluster wants.
  expect(Math.abs(Date.now() - first.authenticatedAt)).toBeLessThan(60_000)

  // The same address of another person there: an address is whose it was first.
  await comeFromIssuer(other, loginOf(email, ['viewer']))
  await expect(other.getByRole('alert').first()).toContainText('Ask an admin')
  expect(await account()).toBeFalsy()

  await other.close()

  await page.goto('/settings/accounts')
  await expect(page.getByRole('row', { name: new RegExp(email) })).toContainText('may sign in elsewhere')
})

test('what the issuer did not begin leads nobody in', async ({ browser }) => {
  const page = await browser.newPage({ storageState: undefined, baseURL: credentials().url })
  await page.goto('/api/auth/callback/oidc?code=made-up&state=made-up')
  await page.waitForURL('**/sign-in**')
  await expect(page.getByRole('alert').first()).toContainText('did not come to an end')
  const form = { callbackUrl: '/', json: 'true' }
  const foreign = await page.request.post('/api/auth/signin/oidc', { form })
  expect(foreign.status()).toBe(403)
  expect((await page.request.get('/api/auth/signin/oidc')).status()).toBe(404)
  for (const [error, told] of [
    ['OAuthCallback', 'OAuthCallback'],
    ['%0A', 'Callback'],
    ['%E2%82%AC', 'Callback'],
  ]) {
    const answer = await page.request.get(`/api/auth/error?error=${error}`, { maxRedirects: 0 })
    expect([answer.status(), answer.headers().location]).toEqual([302, `/sign-in?error=${told}`])
  }
  await page.close()
})
