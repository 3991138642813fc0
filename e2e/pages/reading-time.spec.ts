import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATH = '/journeys?source=events'
const QUESTION = '**/api/analytics/user/journeys/analytics?*'
const ESTIMATE = '**/api/analytics/user/estimate?*'

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
})

/** Holds back the answers to a question; tells an estimate of our own, if any. @returns what lets the answers through */
async function holdBack(page: Page, told?: { records: number; ms: number }): Promise<() => void> {
  let letThrough = () => {}
  const held = new Promise<void>((resolve) => {
    letThrough = resolve
  })
  await page.route(QUESTION, async (route) => {
    await held
    await route.continue()
  })
  await page.route(ESTIMATE, async (route) => {
    await (told ? route.fulfill({ json: told }) : route.continue())
  })
  return letThrough
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
    await page.goto(shop.at(PATH))
    const letThrough = await holdBack(page, { records: 9_812_345, ms: 4_210 })
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
    letThrough()
    await expect(told(page)).toHaveCount(0)
    const [question, estimate] = [
      await askedAt(page, 'journeys/analytics'),
      await askedAt(page, 'user/estimate'),
    ]
    expect((estimate ?? 0) - (question ?? Number.NaN)).toBeGreaterThanOrEqual(490)
  })
}

test('a question of which 2 s are not expected says nothing', async ({ page }) => {
  await page.goto(shop.at(PATH))
  const letThrough = await holdBack(page)
  const estimated = page.waitForResponse(ESTIMATE)
  const answered = page.waitForResponse(QUESTION)
  await lastWeek(page)
  const { ms, records } = await (await estimated).json()
  expect(records).toBeGreaterThan(100)
  expect(ms).toBeLessThan(2_000)
  await page.waitForTimeout(500)
  await expect(told(page)).toHaveCount(0)
  letThrough()
  await answered
})

test('an estimate counts the records that there are', async () => {
  const estimate = await shop.ask<{ records: number }>('/estimate?of=event&from=-90d&question=listUsers')
  const { totals } = await shop.ask<{ totals: { events: number } }>('/events/analytics?from=-90d')
  expect(totals.events).toBeGreaterThan(100)
  expect(estimate.records).toBe(totals.events)
})
