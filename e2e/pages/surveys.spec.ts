import type { Page } from '@playwright/test'
import { call, credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'

const SURVEYS = '/api/analytics/user/satisfaction/surveys'

interface Told {
  id: string
  question: string
  survey: string
  pattern: string
}

/** What the tracker is told, which a change reaches within seconds. */
async function told(page: Page): Promise<Told[]> {
  const { project } = credentials()
  const answer = await page.request.get(`${SURVEYS}/due?writeKey=${project.writeKey}`)
  expect(answer.headers()['cache-control']).toBe('public, max-age=60')
  return (await answer.json()).surveys
}

const toldOf = async (page: Page, question: string) =>
  (await told(page)).find((survey) => survey.question === question)

test('a survey is made, tried, turned off, changed and deleted without code', async ({ page }) => {
  const question = `How was it at ${Date.now()}?`
  await page.goto('/satisfaction')
  await page.getByRole('link', { name: 'Surveys' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Surveys' })).toBeVisible()

  await page.getByRole('button', { name: 'New survey' }).click()
  const dialog = page.getByRole('dialog', { name: 'New survey' })
  await expect(dialog.getByLabel('Question')).toHaveValue(/recommend us/)
  await dialog.getByText('CSAT', { exact: true }).click()
  await expect(dialog.getByLabel('Question')).toHaveValue(/satisfied/)
  await dialog.getByLabel('Question').fill(question)
  await dialog.getByLabel('Pages').fill('orders')
  await dialog.getByRole('button', { name: 'Make the survey' }).click()
  await expect(dialog.getByText('Begins with / or *')).toBeVisible()
  await dialog.getByLabel('Pages').fill('/orders/*')

  await dialog.getByRole('button', { name: 'Try it' }).click()
  const asked = page.getByRole('dialog', { name: question })
  await expect(asked.getByRole('radio', { name: '1' })).toBeFocused()
  await page.keyboard.press('4')
  await expect(asked.getByRole('radio', { name: '4' })).toBeChecked()
  await page.keyboard.press('Escape')
  await expect(asked).toBeHidden()
  await expect(page.getByText('Score 4, without words')).toBeVisible()
  await expect(dialog).toBeVisible()
  await expect.poll(() => toldOf(page, question)).toBeUndefined()

  await dialog.getByRole('button', { name: 'Make the survey' }).click()
  await expect(dialog).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: question })
  await expect(row).toContainText('/orders/*')
  await expect.poll(() => toldOf(page, question)).toMatchObject({ survey: 'csat', pattern: '^/orders/.*$' })

  const toggle = page.getByRole('switch', { name: `Ask “${question}”` })
  await toggle.click({ force: true })
  await expect(page.getByText('It is off')).toBeVisible()
  await expect(toggle).not.toBeChecked()
  // Until the list was asked again it knows the survey as it was, and so would the form.
  await expect(toggle).toBeEnabled()
  await expect.poll(() => toldOf(page, question)).toBeUndefined()

  await row.getByRole('button', { name: question, exact: true }).click()
  const change = page.getByRole('dialog', { name: 'Change the survey' })
  await change.getByLabel('Question').fill(`${question} Really?`)
  await change.getByRole('switch', { name: 'Ask it' }).click()
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(change).toBeHidden()
  await expect.poll(() => toldOf(page, `${question} Really?`)).toBeDefined()

  await page.getByRole('button', { name: `Delete “${question} Really?”` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the survey' }).click()
  await expect(row).toBeHidden()
  await expect.poll(() => toldOf(page, `${question} Really?`)).toBeUndefined()
})

test('a project without surveys says what they are', async ({ page }) => {
  const answer = await page.request.post('/api/access/projects', { data: { name: `asks not ${Date.now()}` } })
  const { project } = await answer.json()
  await page.goto(`/satisfaction/surveys?project=${project.id}`)
  await expect(page.getByRole('region', { name: 'No surveys yet' })).toBeVisible()
  await expect(page.getByRole('link', { name: '← Satisfaction' })).toHaveAttribute(
    'href',
    `/satisfaction?project=${project.id}`,
  )
})

test('a viewer sees surveys and changes none', async ({ browser }) => {
  const question = `Seen at ${Date.now()}?`
  const made = await call('POST', SURVEYS, { body: { survey: 'nps', question, active: false } })
  expect(made.status).toBe(201)
  const page = await browser.newPage({ storageState: undefined, baseURL: credentials().url })
  await signIn(page, 'viewer')
  await page.goto('/satisfaction/surveys')
  const row = page.getByRole('row').filter({ hasText: question })
  await expect(row).toContainText('off')
  await expect(row.getByRole('button', { name: `Try it: “${question}”` })).toBeVisible()
  await expect(page.getByRole('button', { name: 'New survey' })).toBeHidden()
  await expect(page.getByRole('switch')).toHaveCount(0)
  const refused = await page.request.post(SURVEYS, { data: { survey: 'nps', question } })
  expect(refused.status()).toBe(403)
  await page.close()
  const { id } = made.body.survey as { id: string }
  expect((await call('DELETE', `${SURVEYS}/${id}`)).status).toBe(200)
})
