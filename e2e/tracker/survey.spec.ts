import { expect, test } from '@playwright/test'
import { type App, startApp } from '@/e2e/fixtures/app'
import { call, credentials } from '@/e2e/fixtures/product'
import { storedOf, userAgent } from '@/e2e/fixtures/records'

/** What the tracker asks by itself in an app, and where it asks nothing. */

const SURVEYS = '/api/analytics/user/satisfaction/surveys'
const question = `Would you recommend us, ${Date.now()}?`
let app: App
let id: string
test.use({ userAgent })
test.beforeAll(async () => {
  app = await startApp()
  const made = await call('POST', SURVEYS, {
    body: { survey: 'nps', question, followUp: 'Why?', page: '/asked/*', delaySeconds: 1, everyDays: 30 },
  })
  id = (made.body.survey as { id: string }).id
})
test.afterAll(async () => {
  await call('DELETE', `${SURVEYS}/${id}`)
  await app.stop()
})

test('a survey is loaded where it is due, asked once, and its answer is stored', async ({
  page,
  context,
}) => {
  const { url, project } = credentials()
  const user = `asked-${Date.now()}`
  const loaded: string[] = []
  context.on('request', (request) => request.url().endsWith('/survey.js') && loaded.push(page.url()))
  const show = (attributes = '') =>
    app.show({
      html: `<script>window.holdfast = { q: [['identify', ['${user}']]] }</script>
        <script defer src="${url}/holdfast.js" data-key="${project.writeKey}" ${attributes}></script>`,
    })
  const due = () => page.waitForResponse((answer) => answer.url().includes('/surveys/due'))
  const survey = page.getByRole('dialog', { name: question })

  // What was made is told within a minute to a browser that has asked before, and here none has.
  show()
  const told = due()
  await page.goto(`${app.origin}/elsewhere`)
  await told
  await page.waitForTimeout(2_000)
  expect(loaded).toEqual([])

  // Another page of the same app, without a load.
  await page.evaluate(() => history.pushState({}, '', '/asked/here'))
  await expect(survey).toBeVisible()
  expect(loaded).toEqual([`${app.origin}/asked/here`])
  await survey.getByRole('radio', { name: '9', exact: true }).click()
  await survey.getByLabel('Why?').fill('It is quick.')
  await survey.getByRole('button', { name: 'Send' }).click()
  const answers = async () => (await storedOf(user)).filter(({ kind }) => kind === 'response')
  await expect.poll(async () => (await answers()).map(({ title }) => title)).toEqual(['nps'])
  expect((await answers())[0]?.detail).toContain('9')

  // Nobody is asked twice within its days, nor where the app asks none.
  for (const attributes of ['', 'data-surveys="false"']) {
    if (attributes) await page.evaluate(() => localStorage.clear())
    show(attributes)
    await page.goto(`${app.origin}/asked/again`)
    await page.waitForTimeout(3_000)
    await expect(survey).toBeHidden()
  }
  expect(loaded.length).toBe(1)
})
