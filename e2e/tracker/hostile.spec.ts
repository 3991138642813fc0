import { expect, type Page, test } from '@playwright/test'
import { type App, startApp } from '@/e2e/fixtures/app'
import { credentials } from '@/e2e/fixtures/product'
import { storedOf, userAgent } from '@/e2e/fixtures/records'
import type { Holdfast } from '@/lib/tracker/types'

/** The app that loads the tracker never breaks and never sees an exception from it, whatever the page has done. */

let app: App
test.use({ userAgent })
test.beforeAll(async () => {
  app = await startApp()
})
test.afterAll(() => app.stop())

/** Every call of the tracker, and what the app saw of it. */
async function callEverything(page: Page, userId: string) {
  return page.evaluate(async (name) => {
    const { holdfast } = window as unknown as { holdfast: Holdfast }
    const circular: Record<string, unknown> = {}
    circular.itself = circular
    const answers: unknown[] = [
      holdfast.identify(name),
      holdfast.track('hostile', { at: 1 }),
      holdfast.track('circular', circular),
      holdfast.feature('export'),
      holdfast.stage('checkout', 'cart', 1),
      holdfast.completeFunnel('checkout'),
      holdfast.step('onboarding', 'welcome'),
      holdfast.completeJourney('onboarding'),
      holdfast.respond('nps', 9),
    ]
    const result = await holdfast.time('sum', () => 1 + 1)
    const thrown = await holdfast
      .time('fails', () => Promise.reject(new Error('ours')))
      .catch((error: Error) => error.message)
    history.pushState({}, '', '/elsewhere')
    document.dispatchEvent(new Event('visibilitychange'))
    return { answers: answers.filter((answer) => answer !== undefined), result, thrown }
  }, userId)
}

/** Shows a page that did something before the tracker came, and returns what the app saw go wrong. */
async function visit(page: Page, before: string, headers?: Record<string, string>, attributes = '') {
  const { url, project } = credentials()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const nonce = headers ? ' nonce="ours"' : ''
  app.show({
    headers,
    html: `<script${nonce}>${before}</script>
      <script${nonce} defer src="${url}/holdfast.js" data-key="${project.writeKey}" ${attributes}></script><p>Ours</p>`,
  })
  await page.goto(`${app.origin}/`)
  return errors
}

const ofEverything = ['page_view', 'export', 'checkout', 'onboarding', 'sum', 'fails', 'hostile']

async function expectStored(userId: string) {
  const titles = async () =>
    (await storedOf(userId)).map(({ title, detail }) => `${title} ${detail}`).join(' ')
  for (const part of ofEverything) await expect.poll(titles).toContain(part)
}

const harmless = { answers: [], result: 2, thrown: 'ours' }
let visits = 0
const someone = () => `hostile-${Date.now()}-${visits++}`

/** What a page may have done without keeping us from sending. */
const survivable: [string, string][] = [
  [
    'localStorage that is full',
    `try { for (let i = 0, size = 1e6; size; i++) try { localStorage.setItem('app' + i, 'x'.repeat(size)) } catch { size = Math.floor(size / 2) } } catch {}`,
  ],
  [
    'localStorage that is blocked',
    `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError') } })`,
  ],
  ['a setItem that does nothing', `Storage.prototype.setItem = () => {}`],
  ['a setItem that throws', `Storage.prototype.setItem = () => { throw new Error('broken') }`],
  ['locks that refuse', `LockManager.prototype.request = () => Promise.reject(new Error('broken'))`],
  ['no locks', `Object.defineProperty(navigator, 'locks', { value: undefined })`],
  ['a history that is frozen', `Object.freeze(history)`],
  ['an element that is called title', `document.write('<img name="title" alt="">')`],
  ['an element that is called referrer', `document.write('<img name="referrer" alt="">')`],
  ['prototypes with more in them', `Object.prototype.more = 1; Array.prototype.more = 2`],
]

for (const [what, before] of survivable) {
  test(`with ${what} everything arrives`, async ({ page }) => {
    const errors = await visit(page, before)
    const userId = someone()
    expect(await callEverything(page, userId)).toEqual(harmless)
    await expectStored(userId)
    expect(errors).toEqual([])
  })
}

/** What keeps anyone from sending, and still must not be felt. */
const silenced: [string, string][] = [
  ['a fetch that throws', `window.fetch = () => { throw new Error('broken') }`],
  ['a fetch that rejects', `window.fetch = () => Promise.reject(new Error('broken'))`],
  ['a fetch that never answers', `window.fetch = () => new Promise(() => {})`],
  ['a fetch that answers nothing', `window.fetch = async () => undefined`],
  [
    'a fetch that answers 200 with a page',
    `window.fetch = async () => new Response('<h1>Log in to the network</h1>')`,
  ],
  ['a JSON that is broken', `JSON.stringify = () => { throw new Error('broken') }`],
  [
    'an Object.keys that throws',
    `const keys = Object.keys; Object.keys = (of) => { if (of === localStorage) throw new Error('broken'); return keys(of) }`,
  ],
  ['a setTimeout that throws', `window.setTimeout = () => { throw new Error('broken') }`],
  [
    'listeners that are refused',
    `EventTarget.prototype.addEventListener = () => { throw new Error('broken') }`,
  ],
  ['a clock of its own that is broken', `performance.now = () => { throw new Error('broken') }`],
  ['no crypto', `Object.defineProperty(window, 'crypto', { value: undefined })`],
  ['no AbortSignal.timeout, and no fetch', `delete AbortSignal.timeout; delete window.fetch`],
]

for (const [what, before] of silenced) {
  test(`with ${what} nothing is felt`, async ({ page }) => {
    const errors = await visit(page, before)
    expect(await callEverything(page, someone())).toEqual(harmless)
    await page.waitForTimeout(6_000)
    await expect(page.getByText('Ours')).toBeVisible()
    expect(errors).toEqual([])
  })
}

test('a fetch that fails for a while loses nothing', async ({ page }) => {
  const errors = await visit(
    page,
    `const native = fetch; let left = 2; window.fetch = (...given) => left-- > 0 ? Promise.reject(new Error('away')) : native(...given)`,
  )
  const userId = someone()
  await callEverything(page, userId)
  await expectStored(userId)
  expect(errors).toEqual([])
})

test('a beforeSend that throws loses its record alone, and that is counted', async ({ page }) => {
  const errors = await visit(
    page,
    `window.hook = (record) => { if (record.name === 'private') throw new Error('broken'); return record }`,
    undefined,
    'data-before-send="hook"',
  )
  const userId = someone()
  await page.evaluate((name) => {
    const { holdfast } = window as unknown as { holdfast: Holdfast }
    holdfast.identify(name)
    holdfast.track('private')
    holdfast.track('public')
  }, userId)
  await expect
    .poll(async () => (await storedOf(userId)).map(({ title }) => title).sort())
    .toEqual(expect.arrayContaining(['public', 'records_dropped']))
  expect((await storedOf(userId)).find(({ title }) => title === 'records_dropped')?.properties).toEqual({
    count: 1,
  })
  expect(errors).toEqual([])
})

test('under a strict Content-Security-Policy everything arrives', async ({ page }) => {
  const { url } = credentials()
  const policy = [
    "default-src 'none'",
    "script-src 'nonce-ours' 'strict-dynamic'",
    `connect-src ${url}`,
    "require-trusted-types-for 'script'",
    'trusted-types',
  ].join('; ')
  const errors = await visit(page, '', { 'content-security-policy': policy })
  const userId = someone()
  expect(await callEverything(page, userId)).toEqual(harmless)
  await expectStored(userId)
  expect(errors).toEqual([])
})

test('where the policy or the sandbox lets nothing out nothing is felt', async ({ page }) => {
  for (const policy of ["default-src 'none'; script-src 'nonce-ours'", 'sandbox allow-scripts']) {
    const errors = await visit(page, '', { 'content-security-policy': policy })
    expect(await callEverything(page, someone())).toEqual(harmless)
    await page.waitForTimeout(6_000)
    expect(errors).toEqual([])
  }
})

test('what is no call of ours in the queue keeps out nothing that is', async ({ page }) => {
  const userId = someone()
  const errors = await visit(
    page,
    `window.holdfast = { q: [null, ['identify', 42], ['nonsense', [1]], ['reset'], ['identify', ['${userId}']], ['track', ['waited']]] }`,
  )
  await expect.poll(async () => (await storedOf(userId)).map(({ title }) => title)).toContain('waited')
  expect(errors).toEqual([])
})

test('loaded as a module, which has no attributes, it does nothing', async ({ page }) => {
  const { url, project } = credentials()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  app.show({
    html: `<script type="module" src="${url}/holdfast.js" data-key="${project.writeKey}"></script><p>Ours</p>`,
  })
  await page.goto(app.origin)
  await page.waitForLoadState('load')
  expect(await page.evaluate(() => 'holdfast' in window)).toBe(false)
  expect(errors).toEqual([])
})
