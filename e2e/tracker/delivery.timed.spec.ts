import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { type App, startApp } from '@/e2e/fixtures/app'
import { credentials } from '@/e2e/fixtures/product'
import { expectEachOnce, type Kept, storedOf, userAgent, watchKept } from '@/e2e/fixtures/records'
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

const waiting = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((name) => /^hf\..*\.q/.test(name)).length)

/** How many records the tracker said were lost, once nothing waits any more. */
async function reportedLost(page: Page, kept: Kept[]): Promise<number> {
  await expect.poll(() => waiting(page)).toBe(0)
  const reports = kept.filter(({ type }) => type === 'records_dropped')
  return reports.reduce((sum, { properties }) => sum + (properties as { count: number }).count, 0)
}

test('more than a thousand are not kept: the oldest go, and are counted', async ({ page, context }) => {
  const kept = await watchKept(context)
  await context.route(BATCH, (route) => route.abort())
  showApp()
  await page.goto(app.origin)
  await page.evaluate(() => {
    const { holdfast } = window as unknown as { holdfast: Holdfast }
    for (let index = 0; index < 1100; index += 1) holdfast.track('many')
  })
  await expect.poll(() => waiting(page)).toBe(1000)
  await track(page, 'one more')
  await context.unroute(BATCH)
  // A page view and 1,101 records came.
  await expect.poll(() => kept.some(({ type }) => type === 'records_dropped')).toBe(true)
  const lost = await reportedLost(page, kept)
  expect(lost).toBeGreaterThanOrEqual(101)
  expect(lost).toBeLessThanOrEqual(102)
  const stored = await storedOf(String(kept[0]?.anonymousId))
  expect(stored.filter(({ title }) => title !== 'records_dropped').length).toBe(1102 - lost)
})

test('one that is larger than the server takes is lost alone, and counted', async ({ page, context }) => {
  const kept = await watchKept(context)
  await context.route(BATCH, (route) => route.abort())
  showApp()
  await page.goto(app.origin)
  await track(page, 'before')
  await page.evaluate(() =>
    (window as unknown as { holdfast: Holdfast }).holdfast.track('giant', { text: 'x'.repeat(1_200_000) }),
  )
  await track(page, 'after')
  await context.unroute(BATCH)
  await expect.poll(() => kept.some(({ type }) => type === 'records_dropped')).toBe(true)
  expect(await reportedLost(page, kept)).toBe(1)
  await expectEachOnce(kept)
  expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(['before', 'after']))
})

test('of a batch that is refused as a whole only the record that is why is lost', async ({
  page,
  context,
}) => {
  const kept = await watchKept(context)
  await context.route(BATCH, (route) =>
    route.request().postData()?.includes('poison')
      ? route.fulfill({ status: 422, headers: { 'access-control-allow-origin': app.origin }, body: '{}' })
      : route.fallback(),
  )
  showApp()
  await page.goto(app.origin)
  await page.evaluate(() => {
    const { holdfast } = window as unknown as { holdfast: Holdfast }
    for (let index = 0; index < 30; index += 1) holdfast.track(index === 11 ? 'poison' : `good ${index}`)
  })
  await expect.poll(() => kept.some(({ type }) => type === 'records_dropped')).toBe(true)
  expect(await reportedLost(page, kept)).toBe(1)
  await expectEachOnce(kept.filter(({ name }) => name !== 'poison'))
})

test('a server that refuses all it is sent is not asked again and again', async ({ page, context }) => {
  const batches = watchBatches(context)
  await context.route(BATCH, (route) =>
    route.fulfill({ status: 422, headers: { 'access-control-allow-origin': app.origin }, body: '{}' }),
  )
  showApp()
  await page.goto(app.origin)
  await page.evaluate(() => {
    const { holdfast } = window as unknown as { holdfast: Holdfast }
    for (let index = 0; index < 40; index += 1) holdfast.track('refused')
  })
  await expect.poll(() => batches.length).toBeGreaterThan(5)
  await page.waitForTimeout(15_000)
  // Halved down to one, and from there on one every five seconds at the most.
  expect(batches.length).toBeLessThan(15)
})

test('a user whom the server takes for nobody sets off no storm', async ({ page, context }) => {
  const batches = watchBatches(context)
  showApp()
  await page.goto(app.origin)
  await page.evaluate(() => (window as unknown as { holdfast: Holdfast }).holdfast.identify('undefined'))
  for (let index = 0; index < 3; index += 1) await track(page, 'of nobody')
  await expect.poll(() => batches.length).toBeGreaterThan(0)
  await page.waitForTimeout(12_000)
  expect(batches.length).toBeLessThan(5)
})

test('who is named and leaves at once is known by the name', async ({ context }) => {
  const kept = await watchKept(context)
  showApp()
  const page = await context.newPage()
  await page.goto(app.origin)
  const ada = `leaves-${Date.now()}`
  await track(page, 'before')
  await page.evaluate((name) => (window as unknown as { holdfast: Holdfast }).holdfast.identify(name), ada)
  await page.close()
  await expect.poll(async () => (await storedOf(ada)).map(({ title }) => title)).toContain('before')
  expect(kept.every(({ userId }) => !userId)).toBe(true)
})

test('what waits outlives a reload and a renderer that is killed', async ({ page, context }) => {
  const kept = await watchKept(context)
  let away = true
  await context.route(BATCH, (route) => (away ? route.abort() : route.fallback()))
  showApp()
  await page.goto(app.origin)
  await track(page, 'before a reload')
  await page.reload()
  await track(page, 'before a crash')
  await page.goto('chrome://crash').catch(() => {})
  away = false
  const next = await context.newPage()
  await next.goto(app.origin)
  await expectEachOnce(kept)
  expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(['before a reload', 'before a crash']))
})

test('a server that fails is asked less and less often', async ({ page, context }) => {
  let asked = 0
  await context.route(BATCH, (route) => {
    asked += 1
    return route.abort()
  })
  await page.clock.install()
  showApp()
  await page.goto(app.origin)
  const askedIn = async (minutes: number) => {
    const before = asked
    for (let step = 0; step < minutes * 12; step += 1) {
      await page.clock.runFor(5_000)
      // What was asked has to fail before the next wait begins.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    }
    return asked - before
  }
  const first = await askedIn(2)
  expect(first).toBeGreaterThanOrEqual(3)
  const later = await askedIn(10)
  // Every four minutes at the least, every two at the most.
  expect(later).toBeGreaterThanOrEqual(2)
  expect(later).toBeLessThan(first * 5)
  expect(later).toBeLessThanOrEqual(8)
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
