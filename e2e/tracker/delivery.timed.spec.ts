import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { type App, startApp } from '@/e2e/fixtures/app'
import { credentials } from '@/e2e/fixtures/product'
import { expectEachOnce, userAgent, watchKept } from '@/e2e/fixtures/records'
import type { Holdfast } from '@/lib/tracker/types'
import { expectTook } from '@/scripts/test/measured'

/** Whatever happens on the way, each record arrives once. */

const BATCH = '**/api/analytics/user/events/batch'
let app: App
test.use({ userAgent })
test.beforeAll(async () => {
  app = await startApp()
})
test.afterAll(() => app.stop())

function showApp(): void {
  const { url, project } = credentials()
  app.show({ html: `<script defer src="${url}/holdfast.js" data-key="${project.writeKey}"></script>` })
}

const track = (page: Page, name: string) =>
  page.evaluate((given) => (window as unknown as { holdfast: Holdfast }).holdfast.track(given), name)

/** The requests for records that a context makes, with their times and sizes. */
function watchBatches(context: BrowserContext): { at: number; records: number }[] {
  const batches: { at: number; records: number }[] = []
  context.on('request', (request) => {
    if (!request.url().endsWith('/events/batch')) return
    batches.push({ at: Date.now(), records: JSON.parse(request.postData() ?? '{}').records.length })
  })
  return batches
}

test('records go together: after five seconds, or at once when there are twenty', async ({
  page,
  context,
}) => {
  const kept = await watchKept(context)
  const batches = watchBatches(context)
  showApp()
  await page.goto(app.origin)
  for (const name of ['one', 'two', 'three']) await track(page, name)
  await expect.poll(() => batches.length).toBe(1)
  expect(batches[0]?.records).toBe(4)
  await expectEachOnce(kept)
  const begun = Date.now()
  for (let index = 0; index < 20; index += 1) await track(page, `of twenty ${index}`)
  await expect.poll(() => batches.length).toBeGreaterThan(1)
  // By no timer: that would be the one of five seconds.
  expectTook('twenty records are sent', (batches[1]?.at ?? 0) - begun, 5_000)
  await expectEachOnce(kept)
})

test('a tab that is closed sends what it has, and what fails then goes with the next visit', async ({
  page,
  context,
}) => {
  const kept = await watchKept(context)
  showApp()
  const first = await context.newPage()
  await first.goto(app.origin)
  await track(first, 'before closing')
  await first.close()
  await expectEachOnce(kept)
  // Nothing gets through while this one closes.
  await context.route(BATCH, (route) => route.abort())
  const second = await context.newPage()
  await second.goto(app.origin)
  await track(second, 'closed without a network')
  await second.close()
  await context.unroute(BATCH)
  await page.goto(app.origin)
  await expectEachOnce(kept)
  expect(kept.map(({ name }) => name)).toContain('closed without a network')
})

test('a server that asks to wait is not asked before', async ({ page, context }) => {
  const kept = await watchKept(context)
  const asked: number[] = []
  await context.route(BATCH, async (route) => {
    asked.push(Date.now())
    if (asked.length > 1) return route.fallback()
    const headers = {
      'retry-after': '9',
      'access-control-allow-origin': app.origin,
      'access-control-expose-headers': 'retry-after',
    }
    await route.fulfill({ status: 429, headers, body: '{}' })
  })
  showApp()
  await page.goto(app.origin)
  await expect.poll(() => asked.length).toBe(1)
  // Neither this tab nor another asks, whatever there is to send.
  const other = await context.newPage()
  await other.goto(app.origin)
  for (let index = 0; index < 25; index += 1) await track(other, `busy ${index}`)
  await expectEachOnce(kept)
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(9_000)
})

test('an hour without a network leaves no gap', async ({ page, context }) => {
  const kept = await watchKept(context)
  const HOUR = 3_600_000
  // The hour that is over by the page's clock when the network is back is the one before now.
  await page.clock.install({ time: Date.now() - HOUR })
  showApp()
  await page.goto(app.origin)
  await context.setOffline(true)
  for (let quarter = 0; quarter < 4; quarter += 1) {
    await track(page, `quarter ${quarter}`)
    await page.clock.fastForward(HOUR / 4)
  }
  await context.setOffline(false)
  await page.clock.fastForward(6_000)
  await expect
    .poll(async () => {
      await page.clock.fastForward(6_000)
      return page.evaluate(() => Object.keys(localStorage).filter((name) => /^hf\..*\.q/.test(name)).length)
    })
    .toBe(0)
  const stored = await expectEachOnce(kept)
  const at = (name: string) => Date.parse(stored.find(({ title }) => title === name)?.occurredAt ?? '')
  expect(at('quarter 3') - at('quarter 0')).toBeGreaterThan(HOUR * 0.7)
})

test('more than a thousand are not kept: the oldest go, and are counted', async ({ page, context }) => {
  await context.route(BATCH, (route) => route.abort())
  showApp()
  await page.goto(app.origin)
  await page.evaluate(() => {
    const { holdfast } = window as unknown as { holdfast: Holdfast }
    for (let index = 0; index < 1100; index += 1) holdfast.track('many')
  })
  const waiting = () =>
    page.evaluate(() => Object.keys(localStorage).filter((name) => /^hf\..*\.q/.test(name)).length)
  await expect.poll(waiting).toBe(1000)
  await page.evaluate(() => (window as unknown as { holdfast: Holdfast }).holdfast.track('one more'))
  const counts = await page.evaluate(() =>
    Object.entries(localStorage)
      .filter(([name, value]) => /^hf\..*\.q/.test(name) && value.includes('records_dropped'))
      .map(([, value]) => JSON.parse(value).properties.count),
  )
  // A page view and 1,100 records came.
  expect(counts).toEqual([101])
  await context.unroute(BATCH)
})

test('a hundred clients at once, of one person, send each record once', async ({ page, context }) => {
  const { url, project } = credentials()
  const CLIENTS = 100
  app.show({
    html: `<body><script>
      if (top === self)
        for (let i = 0; i < ${CLIENTS}; i++) document.body.append(Object.assign(document.createElement('iframe'), { src: '/' }))
      window.holdfast = { q: Array.from({ length: 4 }, () => ['track', ['of a hundred']]) }
    </script><script defer src="${url}/holdfast.js" data-key="${project.writeKey}" data-auto="false"></script>`,
  })
  const kept = await watchKept(context)
  const batches = watchBatches(context)
  await page.goto(app.origin)
  await expect.poll(() => kept.length).toBe((CLIENTS + 1) * 4)
  await expectEachOnce(kept)
  // One tab sends for all: not a request for each.
  expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(kept.length)
})
