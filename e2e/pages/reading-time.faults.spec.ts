import type { Page } from '@playwright/test'
import { call, credentials } from '@/e2e/fixtures/product'
import { makeShop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'

/** An answer that takes long, and what is said of it meanwhile. */

test('a quick question asks for no estimate', async ({ page, session }) => {
  const shop = await makeShop(session)
  const asked: string[] = []
  await page.goto(shop.at('/journeys?source=events'))
  page.on('request', (request) => request.url().includes('/estimate?') && asked.push(request.url()))
  const quick = page.waitForResponse('**/api/analytics/user/journeys/analytics?*')
  await page.getByRole('button', { name: /^Range:/ }).click()
  await page.getByRole('button', { name: 'Last 24 hours', exact: true }).click()
  await quick
  await page.waitForTimeout(1_000)
  expect(asked).toEqual([])
})

const RUNS = 60_000

/** A project with so many runs of a funnel that they take long to read, and are expected to. */
async function makeLongFunnel(page: Page): Promise<string> {
  const { project } = await (
    await page.request.post('/api/access/projects', { data: { name: `long ${Date.now()}` } })
  ).json()
  const { secret } = await (
    await page.request.post('/api/access/keys', { data: { project: project.id, name: 'x', kind: 'write' } })
  ).json()
  const now = Date.now()
  const stages = Array.from({ length: RUNS * 4 }, (_, n) => ({
    kind: 'stage',
    userId: `user-${n % 9_973}`,
    funnel: 'long',
    runId: `run-${n % RUNS}`,
    stage: `stage ${Math.floor(n / RUNS)}`,
    stageOrder: 1 + Math.floor(n / RUNS),
    occurredAt: new Date(
      now - 7 * 86_400_000 + (n % RUNS) * 5_000 + Math.floor(n / RUNS) * 1_000,
    ).toISOString(),
  }))
  const batches = Array.from({ length: stages.length / 1_000 }, (_, n) =>
    stages.slice(n * 1_000, (n + 1) * 1_000),
  )
  const send = async () => {
    for (let records = batches.pop(); records; records = batches.pop()) {
      const { body } = await call('POST', '/api/analytics/user/events/batch', {
        key: secret,
        body: { records },
      })
      expect(body.accepted).toBe(1_000)
    }
  }
  await Promise.all([send(), send(), send(), send()])
  return project.id
}

test('a shared link to an answer that takes long says so at once, and gets the answer without another question', async ({
  page,
}) => {
  const path = `/funnels/long?project=${await makeLongFunnel(page)}&from=-30d&window=7d`
  const reading = /Reading 240 thousand records: about \d+ s/

  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const began = performance.now()
  const response = await fetch(credentials().url + path, { headers: { cookie } })
  const decoder = new TextDecoder()
  let html = ''
  let said = 0
  for await (const chunk of response.body ?? []) {
    html += decoder.decode(chunk, { stream: true })
    // What is hydrated later stands in scripts: only what a person sees counts.
    if (said === 0 && reading.test(html.replace(/<script[\s\S]*?<\/script>/g, '')))
      said = performance.now() - began
  }
  const ended = performance.now() - began
  expect(said).toBeGreaterThan(0)
  expect(said).toBeLessThan(2_000)
  expect(ended - said).toBeGreaterThan(200)

  const questions: string[] = []
  page.on('request', (request) => request.url().includes('/analytics?') && questions.push(request.url()))
  await page.goto(path)
  await expect(page.getByText('60,000', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'Reading' })).toHaveCount(0)
  expect(questions).toEqual([])
})
