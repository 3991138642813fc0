import { randomUUID } from 'node:crypto'
import type { Browser, Page } from '@playwright/test'
import { credentials } from '@/e2e/fixtures/product'
import { makeProject } from '@/e2e/fixtures/shop'
import { expect, freshAdmin, test } from '@/e2e/fixtures/signed-in'

// What makes others mightier wants the password again when the sign-in is older than 5 minutes.
test.use({ storageState: freshAdmin })

const PASSWORD = 'a sentence that is long enough'

const openAlone = async (browser: Browser): Promise<Page> =>
  browser.newPage({ storageState: undefined, baseURL: credentials().url })

/** Invites someone by the page, and returns the link that it shows. */
async function invite(page: Page, email: string, projects: string[]): Promise<string> {
  await page.goto('/settings/accounts')
  await page.getByRole('button', { name: 'Invite someone' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(email)
  for (const name of projects)
    await dialog
      .getByRole('radiogroup', { name: `Role in ${name}` })
      .getByText('Viewer')
      .click()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.getByText(/\/invitation#/).textContent()
  await dialog.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByRole('row', { name: new RegExp(email) })).toContainText('invited until')
  return link ?? ''
}

async function choose(page: Page, link: string, password = PASSWORD): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Once more').fill(password)
  await page.getByRole('button', { name: 'Choose it and sign in' }).click()
  await page.waitForURL('**/overview')
}

test('someone is invited by a link, sees the projects that they are in, and is put out again', async ({
  page,
  browser,
  session,
}) => {
  const [shop, other] = [await makeProject(session), await makeProject(session)]
  const email = `ada-${randomUUID()}@shop.example`
  const link = await invite(page, email, [shop.name])
  const ada = await openAlone(browser)
  await choose(ada, link)
  expect(await ada.evaluate(() => window.location.href)).not.toContain('#')

  // One project, and no pages that would only say that they may not.
  await expect(ada.getByRole('combobox', { name: 'Project' })).toHaveValue(shop.name)
  await expect(ada.getByRole('link', { name: 'Accounts' })).toBeHidden()
  await ada.goto(`/events?project=${other.id}`)
  await expect(ada.getByRole('alert').first()).toContainText('There is no such project')

  await page.getByRole('button', { name: `Actions for ${email}` }).click()
  await page.getByRole('menuitem', { name: 'Change what they may do' }).click()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByRole('radiogroup', { name: `Role in ${other.name}` })
    .getByText('Operator')
    .click()
  await dialog
    .getByRole('radiogroup', { name: `Role in ${shop.name}` })
    .getByText('Not in it')
    .click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await ada.goto('/satisfaction/surveys')
  await expect(ada.getByRole('combobox', { name: 'Project' })).toHaveValue(other.name)
  await expect(ada.getByRole('button', { name: 'New survey' })).toBeVisible()

  const act = async (name: string) => {
    await page.getByRole('button', { name: `Actions for ${email}` }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await act('Sign out everywhere')
  await expect(page.getByText(`${email} is signed out everywhere.`)).toBeVisible()
  // The link of before is used up; another is for a password that was forgotten.
  await ada.goto(link)
  await expect(ada.getByRole('alert').first()).toContainText('ask an admin for a new one')
  await act('Link for a new password')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const another = await page
    .getByRole('dialog')
    .getByText(/\/invitation#/)
    .textContent()
  await page.getByRole('button', { name: 'I have it' }).click()
  await ada.goto('about:blank')
  await choose(ada, another ?? '', 'quite another sentence')

  await act('Delete')
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await expect(page.getByRole('row', { name: new RegExp(email) })).toBeHidden()
  await ada.goto('/settings/keys')
  await ada.waitForURL('**/sign-in**')
  await ada.close()

  await page.goto('/settings/audit')
  const told = page.getByRole('row', { name: new RegExp(email) })
  await expect(told.filter({ hasText: 'invited' })).toContainText(`memberships: ${shop.name} viewer`)
  await expect(told.filter({ hasText: 'chose a password' })).toHaveCount(2)
  await expect(told.filter({ hasText: 'changed what is allowed to' })).toContainText(
    `memberships: ${shop.name} viewer → ${other.name} operator`,
  )
  await expect(told.filter({ hasText: 'deleted the account of' })).toContainText(
    credentials().users.admin.email,
  )
})
