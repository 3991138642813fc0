import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { call, credentials } from '@/e2e/fixtures/product'
import { expect, test } from '@/e2e/fixtures/signed-in'
import { slowness } from '@/scripts/test/slowness'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATH = '/journeys?source=events'
const QUESTION = '**/api/analytics/user/journeys/analytics?*'
const ESTIMATE = '**/api/analytics/user/estimate?*'
const SECONDS = 3

/** Holds back the answers to a question, and counts how often an estimate was asked for. */
async function delay(page: Page, told?: { records: number; ms: number }) {
  const asked = { estimates: 0 }
  await page.route(QUESTION, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
    await route.continue()
  })
  await page.route(ESTIMATE, async (route) => {
    asked.estimates += 1
    await (told ? route.fulfill({ json: told }) : route.continue())
  })
  return asked
}

/** When the browser first asked a path of this end, in its own milliseconds. */
const askedAt = (page: Page, path: string): Promise<number | undefined> =>
  page.evaluate(
    (end) =>
      performance.getEntriesByType('resource').find(({ name }) => new URL(name).pathname.endsWith(end))
        ?.startTime,
    path,
  )

async function lastWeek(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Range:/ }).click()
  await page.getByRole('button', { name: 'Last 7 days', exact: true }).click()
}

const told = (page: Page) => page.getByRole('status').filter({ hasText: 'Reading' })

for (const scheme of ['light', 'dark'] as const) {
  test(`a question that takes long says for how long, in ${scheme} at 375 px`, async ({ page }) => {
    await page.setViewportSize({ width: 375, height: 812 })
    await page.addInitScript((value) => localStorage.setItem('mantine-color-scheme-value', value), scheme)
    await page.goto(PATH)
    await delay(page, { records: 9_812_345, ms: 4_210 })
    await lastWeek(page)
    const box = () => page.getByRole('table').first().boundingBox()
    const before = await box()
    await expect(told(page)).toHaveText('Reading 9.8 million records: about 4 s')
    expect(await box()).toEqual(before)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    await page.evaluate(axe)
    const violations = await page.evaluate(
      async () =>
        (
          await (
            window as unknown as { axe: { run(of: string): Promise<{ violations: { id: string }[] }> } }
          ).axe.run('output')
        ).violations,
    )
    expect(violations.map(({ id }) => id)).toEqual([])
    await expect(told(page)).toHaveCount(0)
    const [question, estimate] = [
      await askedAt(page, 'journeys/analytics'),
      await askedAt(page, 'user/estimate'),
    ]
    expect((estimate ?? 0) - (question ?? Number.NaN)).toBeGreaterThanOrEqual(490)
  })
}

test('a question of which 2 s are not expected says nothing, and a quick one asks for no estimate', async ({
  page,
}) => {
  await page.goto(PATH)
  const asked = await delay(page)
  const estimated = page.waitForResponse(ESTIMATE)
  const answered = page.waitForResponse(QUESTION)
  await lastWeek(page)
  const { ms, records } = await (await estimated).json()
  expect(records).toBeGreaterThan(100)
  expect(ms).toBeLessThan(2_000)
  await page.waitForTimeout(500)
  await expect(told(page)).toHaveCount(0)
  await answered

  await page.unroute(QUESTION)
  asked.estimates = 0
  const quick = page.waitForResponse(QUESTION)
  await page.getByRole('button', { name: /^Range:/ }).click()
  await page.getByRole('button', { name: 'Last 24 hours', exact: true }).click()
  await quick
  await page.waitForTimeout(1_000)
  expect(asked.estimates).toBe(0)
})

test('an estimate counts the records that there are', async () => {
  const ask = (path: string) => call('GET', `/api/analytics/user/${path}`)
  const { body } = await ask('estimate?of=event&from=-90d&question=listUsers')
  const { totals } = (await ask('events/analytics?from=-90d')).body as {
    totals: { events: number }
  }
  expect(body.records).toBe(totals.events)
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
  test.setTimeout(180_000 * slowness)
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
  await expect(told(page)).toHaveCount(0)
  expect(questions).toEqual([])
})
