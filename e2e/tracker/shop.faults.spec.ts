import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { expectEachOnce, userAgent, watchKept } from '@/e2e/fixtures/records'
import { findProcess } from '@/scripts/test/find-process'

/** The demo shop, walked through as a customer does, while the server dies, the network goes and the tab is closed. */

test.use({ userAgent })

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function open(context: BrowserContext, path = '/demo'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(credentials().url + path)
  await page.waitForFunction(() => 'track' in ((window as { holdfast?: object }).holdfast ?? {}))
  return page
}

async function untilServed(): Promise<void> {
  const answers = () =>
    fetch(`${credentials().url}/api/health/live`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(answers).toBe(true)
}

async function choose(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search the shop' }).fill('tea')
  await button(page, 'Search').click()
  await expect(page.getByText(/found for “tea”/)).toBeVisible()
  await page
    .getByRole('navigation', { name: 'Categories' })
    .getByRole('link', { name: 'All', exact: true })
    .click()
  await page.getByRole('list', { name: 'Products' }).getByRole('link').first().click()
  await expect(button(page, 'On my wishlist')).toBeVisible()
  await page.getByText('Material and care').click()
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Add to cart/ })
    .click()
}

async function pay(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Coupon' }).fill('NONE')
  await button(page, 'Apply').click()
  await expect(page.getByText('This coupon is not known')).toBeVisible()
  await page.getByRole('link', { name: 'Go to the checkout' }).click()
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Street and number').fill('Quay 1')
  await page.getByLabel('Town').fill('Harbour')
  await button(page, 'Continue to payment').click()
  await page.getByRole('button', { name: /^Pay / }).click()
  await answer(page, 5)
}

async function answer(page: Page, score: number): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${score}`) }).check()
  await page.getByLabel('What should we do better?').fill('Nothing')
  await button(page, 'Send the answer').click()
  await expect(page.getByText('Thank you for your answer.')).toBeVisible()
}

async function signUp(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await button(page, 'Sign up').click()
  await button(page, 'Continue').click()
  await button(page, 'Finish').click()
  await expect(page.getByRole('heading', { name: 'Welcome, Ada' })).toBeVisible()
}

async function askSupport(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'My order' }).check()
  await button(page, 'Continue').click()
  await button(page, 'That helped').click()
  await answer(page, 4)
}

test('every record of a walk arrives once, whatever happens on the way', async ({ context }) => {
  const kept = await watchKept(context)
  const first = await open(context)
  await choose(first)

  // The server dies under the page, which goes on recording.
  process.kill(findProcess(dataDir(), 'scripts/web.ts') ?? 0, 'SIGKILL')
  await button(first, 'On my wishlist').click()
  await untilServed()

  // The network goes, and the tab is closed without it.
  await context.setOffline(true)
  await button(first, 'On my wishlist').click()
  await first.close()
  await context.setOffline(false)

  const second = await open(context, '/demo/cart')
  await pay(second)
  await second.goto(`${credentials().url}/demo/sign-up`)
  await signUp(second)
  await second.getByRole('link', { name: 'Support' }).click()
  await askSupport(second)
  await second.close()
  const third = await open(context)

  await expectEachOnce(kept)
  const kinds = new Set(kept.map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual(['event', 'feature', 'response', 'stage', 'step'])
  await third.close()

  // And it is where product managers read it.
  const user = kept.findLast(({ userId }) => userId)?.userId ?? ''
  const read = async (path: string, more = '') =>
    (await call('GET', `/api/analytics/user/${path}?from=-1d&userId=${user}${more}`)).body
  expect(await read('funnels/checkout/analytics')).toMatchObject({ entered: 1, completed: 1 })
  for (const journey of ['onboarding', 'support'])
    expect(await read('journeys/analytics', `&journey=${journey}`)).toMatchObject({
      started: 1,
      completed: 1,
    })
  expect(await read('satisfaction/metrics', '&survey=csat')).toMatchObject({ responses: 2, average: 4.5 })
  const { features } = (await read('features/stats')) as { features: { name: string; successRate: number }[] }
  const names = features.map(({ name }) => name)
  for (const name of ['search', 'apply_coupon', 'wishlist', 'newsletter']) expect(names).toContain(name)
  expect(features.find(({ name }) => name === 'apply_coupon')?.successRate).toBe(0)
})

test('who opts out in the shop is not recorded', async ({ context }) => {
  const kept = await watchKept(context)
  const page = await open(context, '/demo/account')
  await button(page, 'Record nothing').click()
  await expect(page.getByText('Nothing that you do in this shop is recorded.')).toBeVisible()
  const before = kept.length
  await page.getByRole('navigation', { name: 'Shop' }).getByRole('link', { name: 'Catalogue' }).click()
  await expect(page.getByRole('list', { name: 'Products' })).toBeVisible()
  await page.waitForTimeout(500)
  expect(kept.length).toBe(before)
})
