import { expect, type Page, test } from '@playwright/test'
import { type App, startApp } from '@/e2e/fixtures/app'
import { credentials } from '@/e2e/fixtures/product'
import { expectEachOnce, type Kept, storedOf, userAgent, watchKept } from '@/e2e/fixtures/records'
import type { Holdfast } from '@/lib/tracker/types'

/** What is recorded by itself, and for whom nothing is. */

let app: App
let kept: Kept[]
test.use({ userAgent })
test.beforeAll(async () => {
  app = await startApp()
})
test.afterAll(() => app.stop())
test.beforeEach(async ({ context }) => {
  kept = await watchKept(context)
})

async function open(page: Page, attributes = '', html = '', path = '/'): Promise<void> {
  const { url, project } = credentials()
  app.show({
    html: `<script defer src="${url}/holdfast.js" data-key="${project.writeKey}" ${attributes}></script>${html}`,
  })
  await page.goto(app.origin + path)
}

const ofType = (type: string) => kept.filter((record) => record.type === type)

/** Runs something with the tracker at hand. */
const use = (page: Page, work: (holdfast: Holdfast) => void) => page.evaluate(`(${work})(window.holdfast)`)

test('page views follow the history, with where from, and the time that was looked', async ({
  page,
  context,
}) => {
  await open(page, '', '<p style="height: 3000px">A long page</p>', '/first?plan=pro')
  const opened = Date.now()
  await page.mouse.move(10, 10)
  await page.waitForTimeout(1_500)
  await page.mouse.move(50, 50)
  await page.evaluate(() => {
    history.pushState({}, '', '/second')
    document.title = 'The second'
  })
  await expect.poll(() => ofType('page_view').length).toBe(2)
  await page.evaluate(() => history.replaceState({}, '', '/second#part'))
  await page.evaluate(() => history.back())
  await expect.poll(() => ofType('page_view').length).toBe(3)
  expect(
    ofType('page_view').map(({ pageUrl, pageTitle, referrer }) => ({ pageUrl, pageTitle, referrer })),
  ).toEqual([
    { pageUrl: `${app.origin}/first?plan=pro`, pageTitle: 'An app', referrer: '' },
    { pageUrl: `${app.origin}/second`, pageTitle: 'The second', referrer: `${app.origin}/first?plan=pro` },
    { pageUrl: `${app.origin}/first?plan=pro`, pageTitle: 'The second', referrer: `${app.origin}/second` },
  ])
  const looked = ofType('engagement')[0]
  expect(looked?.pageUrl).toBe(`${app.origin}/first?plan=pro`)
  expect(looked?.durationMs).toBeGreaterThan(1_400)
  expect(looked?.durationMs).toBeLessThan(Date.now() - opened + 1_000)
  expect(await context.cookies()).toEqual([])
  await page.close()
  await expectEachOnce(kept)
})

test('marked elements, forms and outbound links are recorded', async ({ page, context }) => {
  await context.route(/elsewhere\.example/, (route) => route.fulfill({ body: 'elsewhere' }))
  await open(
    page,
    'data-exclude-search',
    `<button data-hf-event="plan_chosen" data-hf-plan="pro">Choose</button>
     <form data-hf-event="asked" onsubmit="return false"><input aria-label="Question" /><button>Ask</button></form>
     <a href="/inside">Inside</a> <a href="https://elsewhere.example/page?who=ada" target="_blank">Elsewhere</a>
     <a href="//elsewhere.example/here" onclick="return false">Here</a>`,
    '/?secret=1#/part?token=2',
  )
  await page.getByRole('button', { name: 'Choose' }).click()
  await page.getByRole('button', { name: 'Choose' }).click({ button: 'right' })
  await page.getByLabel('Question').click()
  await page.getByRole('button', { name: 'Ask' }).click()
  await page.getByRole('link', { name: 'Elsewhere' }).click()
  await page.getByRole('link', { name: 'Elsewhere' }).click({ button: 'right' })
  await page.getByRole('link', { name: 'Here', exact: true }).click()
  await expect.poll(() => ofType('outbound_link').length).toBe(2)
  expect(ofType('click')).toMatchObject([{ name: 'plan_chosen', properties: { plan: 'pro' } }])
  expect(ofType('submit')).toMatchObject([{ name: 'asked', properties: {} }])
  expect(ofType('outbound_link')).toMatchObject([
    { properties: { url: 'https://elsewhere.example/page' } },
    { properties: { url: 'http://elsewhere.example/here' } },
  ])
  expect(ofType('page_view')[0]?.pageUrl).toBe(`${app.origin}/#/part`)
  await expectEachOnce(kept)
})

test('a session ends after thirty idle minutes, in every tab', async ({ page, context }) => {
  await page.clock.install()
  await open(page)
  await use(page, (holdfast) => holdfast.track('first'))
  await page.clock.fastForward(29 * 60_000)
  await use(page, (holdfast) => holdfast.track('same'))
  const other = await context.newPage()
  await other.clock.install({ time: Date.now() + 29 * 60_000 })
  await other.goto(app.origin)
  await use(other, (holdfast) => holdfast.track('other tab'))
  await page.clock.fastForward(31 * 60_000)
  await use(page, (holdfast) => holdfast.track('later'))
  const session = (name: string) => kept.find((record) => record.name === name)?.sessionId
  await expect.poll(() => session('later')).toBeTruthy()
  expect(session('same')).toBe(session('first'))
  expect(session('other tab')).toBe(session('first'))
  expect(session('later')).not.toBe(session('first'))
})

test('a tab that was left open over night is of the day on which it was looked at, and begins no session', async ({
  page,
}) => {
  const HOUR = 3_600_000
  const begun = Date.now() - 10 * HOUR
  await page.clock.install({ time: begun })
  await open(page, '', '<p>Ours</p>')
  await page.clock.runFor(5_000)
  await page.mouse.move(10, 10)
  await page.clock.fastForward(9 * HOUR)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect.poll(() => ofType('engagement').length).toBe(1)
  const [looked] = ofType('engagement')
  expect(looked?.sessionId).toBeUndefined()
  expect(Date.parse(String(looked?.occurredAt)) - begun).toBeLessThan(HOUR)
  expect(looked?.durationMs).toBeLessThan(60_000)
})

test('a user who is named gets what was recorded before; reset forgets them', async ({ page }) => {
  await open(page)
  const ada = `ada-${Date.now()}`
  await use(page, (holdfast) => holdfast.track('before'))
  await page.evaluate((name) => (window as unknown as { holdfast: Holdfast }).holdfast.identify(name), ada)
  await use(page, (holdfast) => holdfast.track('after'))
  await expect
    .poll(async () => (await storedOf(ada)).map(({ title }) => title).sort())
    .toEqual(['after', 'before', 'page_view'])
  await use(page, (holdfast) => holdfast.reset())
  await use(page, (holdfast) => holdfast.track('someone else'))
  await expect.poll(() => kept.at(-1)?.name).toBe('someone else')
  expect(kept.at(-1)?.userId).toBeUndefined()
  expect(kept.at(-1)?.anonymousId).not.toBe(kept[0]?.anonymousId)
})

test('a user who is named with every page is named once to the server; nobody is nobody, a number a name', async ({
  page,
  context,
}) => {
  const named: string[] = []
  context.on(
    'request',
    (request) =>
      request.url().endsWith('/users/identify') && named.push(JSON.parse(request.postData() ?? '{}').userId),
  )
  const number = Date.now()
  const name = (user: unknown) =>
    page.evaluate(
      (given) => (window as unknown as { holdfast: Holdfast }).holdfast.identify(given as string),
      user,
    )
  await open(page)
  for (const nobody of [undefined, null, '']) await name(nobody)
  await name(number)
  await page.reload()
  await name(number)
  await use(page, (holdfast) => holdfast.track('named'))
  await expect.poll(async () => (await storedOf(`${number}`)).map(({ title }) => title)).toContain('named')
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).some((key) => /^hf\..*\.q/.test(key))))
    .toBe(false)
  expect(named).toEqual([`${number}`])
  expect(new Set(kept.map(({ anonymousId }) => anonymousId)).size).toBe(1)
})

for (const [signal, script] of [
  ['Global Privacy Control', `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`],
  ['Do Not Track', `Object.defineProperty(navigator, 'doNotTrack', { value: '1' })`],
] as const) {
  test(`${signal} is honoured, until someone says yes`, async ({ page, context }) => {
    const requests: string[] = []
    context.on('request', (request) => request.url().includes('/api/') && requests.push(request.url()))
    await page.addInitScript(script)
    await open(page)
    await use(page, (holdfast) => holdfast.track('unseen'))
    await use(page, (holdfast) => holdfast.identify('unseen'))
    // Signs of life, over more than the ten seconds between two looks at the session.
    await page.mouse.move(10, 10)
    await page.waitForTimeout(11_000)
    await page.mouse.move(50, 50)
    expect(requests).toEqual([])
    expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({})
    expect(await context.cookies()).toEqual([])
    await use(page, (holdfast) => holdfast.optIn())
    await use(page, (holdfast) => holdfast.track('seen'))
    await expectEachOnce(kept)
    expect(kept.map(({ name }) => name)).toEqual(['seen'])
  })
}

test('who opts out is forgotten, for later visits too', async ({ page, context }) => {
  await context.route('**/events/batch', (route) => route.abort())
  await open(page)
  await use(page, (holdfast) => holdfast.optOut())
  await use(page, (holdfast) => holdfast.track('unseen'))
  await page.reload()
  await use(page, (holdfast) => holdfast.track('unseen'))
  expect(kept.map(({ type }) => type)).toEqual(['page_view'])
  // When the server may be asked again is the tracker's own affair.
  const left = await page.evaluate(() => Object.entries(localStorage))
  expect(left.filter(([name]) => !name.endsWith('.wait')).map(([, value]) => value)).toEqual(['out'])
})

test('only the named hosts are recorded, and a hook may change a record or leave it out', async ({
  page,
}) => {
  await open(page, 'data-domains="shop.example,www.shop.example"')
  await use(page, (holdfast) => holdfast.track('unseen'))
  expect(kept).toEqual([])
  await open(
    page,
    'data-domains="shop.example,127.0.0.1" data-before-send="hook"',
    `<script>window.hook = (record) => record.name === 'left out' ? null : { ...record, category: 'changed' }</script>`,
  )
  await use(page, (holdfast) => holdfast.track('left out'))
  await use(page, (holdfast) => holdfast.track('sent'))
  await expect.poll(() => kept.length).toBe(2)
  expect(kept).toMatchObject([
    { type: 'page_view', category: 'changed' },
    { name: 'sent', category: 'changed' },
  ])
})

test('the module does what the script does', async ({ page }) => {
  const { url, project } = credentials()
  app.show({
    html: `<script type="module">
      import { init } from '${url}/holdfast.mjs'
      // As where components render twice.
      const options = { key: '${project.writeKey}', api: '${url}' }
      init(options)
      window.holdfast = init(options)
      holdfast.track('from a module')
    </script>`,
  })
  await page.goto(app.origin)
  await expect.poll(() => kept.length).toBe(2)
  await expectEachOnce(kept)
})
