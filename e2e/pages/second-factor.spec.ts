import type { Page } from '@playwright/test'
import { TOTP } from 'otpauth'
import { makeViewer } from '@/e2e/fixtures/account'
import { credentials } from '@/e2e/fixtures/product'
import { expect, freshAdmin, signIn, test } from '@/e2e/fixtures/signed-in'

// What makes others mightier wants the password again when the sign-in is older than 5 minutes.
test.use({ storageState: freshAdmin })

const STEP_MS = 30_000

test('a second factor is added, asked for, and removed by an admin; a password is changed', async ({
  page,
  browser,
  session,
}) => {
  const who = await makeViewer(session, [])
  const mine = await browser.newPage({ storageState: undefined, baseURL: credentials().url })
  await signIn(mine, who)
  await mine.getByRole('button', { name: /^Account of/ }).click()
  await mine.getByRole('link', { name: 'Password and second factor' }).click()
  await expect(mine.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
  await mine.getByLabel('Your password', { exact: true }).fill('not the password')
  await mine.getByRole('button', { name: 'Add a second factor' }).click()
  await expect(mine.getByText('This is not your password')).toBeVisible()
  await mine.getByLabel('Your password', { exact: true }).fill(who.password)
  await mine.getByRole('button', { name: 'Add a second factor' }).click()
  await expect(mine.getByRole('img', { name: 'QR code for your app' })).toBeVisible()
  const totp = new TOTP({ secret: (await mine.locator('main code').textContent()) ?? '' })
  await mine.getByLabel('The code that it shows').fill(totp.generate())
  await mine.getByRole('button', { name: 'Add it' }).click()
  await expect(mine.getByRole('button', { name: 'Remove the second factor' })).toBeVisible()

  await mine.context().clearCookies()
  await submit(mine, who)
  const code = mine.getByLabel('Code of your second factor')
  await code.fill('000000')
  await mine.getByRole('button', { name: 'Sign in' }).click()
  await expect(mine.getByRole('alert').first()).toContainText('not the code')
  // Each is good once: the next one, which a clock that is ahead shows already.
  await code.fill(totp.generate({ timestamp: Date.now() + STEP_MS }))
  await mine.getByRole('button', { name: 'Sign in' }).click()
  await mine.waitForURL('**/overview')

  await page.goto('/settings/accounts')
  await expect(page.getByRole('row', { name: new RegExp(who.email) })).toContainText('with a code')
  await page.getByRole('button', { name: `Actions for ${who.email}` }).click()
  await page.getByRole('menuitem', { name: 'Remove the second factor' }).click()
  await page.getByRole('button', { name: 'Remove the second factor' }).click()
  await expect(page.getByText(`${who.email} signs in with a password alone.`)).toBeVisible()
  await mine.context().clearCookies()
  await signIn(mine, who)

  await mine.goto('/settings/account')
  await mine.getByLabel('Your password now').fill(who.password)
  await mine.getByLabel('The new one').fill('quite another sentence')
  await mine.getByLabel('Once more').fill('quite another sentence')
  await mine.getByRole('button', { name: 'Change the password' }).click()
  await mine.waitForURL('**/sign-in')
  await signIn(mine, { ...who, password: 'quite another sentence' })
  await mine.close()
})

async function submit(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
