import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { call, credentials } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'
import { type Product, startProduct } from '@/scripts/test/start-product'

/** Holdfast beside other sites on one host: nothing that it shows, asks for or leads to may be outside its own path. */

const BASE = '/sites/holdfast'
const folder = mkdtempSync(join(tmpdir(), 'holdfast-base-path-'))
const data = join(folder, 'data')
const checkout = join(folder, 'checkout')
let product: Product

test.use({ storageState: { cookies: [], origins: [] } })

test.beforeAll(async () => {
  test.setTimeout(10 * 60_000)
  // A checkout of its own: a build is for one base path, and the product of this run is served from the one here.
  execFileSync('sh', [
    '-ec',
    `mkdir ${checkout}
    git ls-files --cached --others --exclude-standard | tar -c --ignore-failed-read -T - | tar -x -C ${checkout}
    # As links, where it is one disk.
    cp -al node_modules ${checkout}/node_modules || { rm -rf ${checkout}/node_modules; cp -a node_modules ${checkout}/node_modules; }
    rm -rf ${checkout}/node_modules/.cache`,
  ])
  product = await startProduct(data, {}, ['--base-path', BASE], checkout)
})
test.afterAll(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const origin = () => `http://localhost:${product.port}`
const at = () => credentials(data)

/** Addresses of this host that the page has, or asked for, and that are not under the base path. */
async function watchStrays(page: Page): Promise<() => Promise<string[]>> {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  return async () => {
    const shown = await page
      // What Next.js tells a browser to connect to is a host.
      .locator(':is([href], [src]):not([rel=preconnect])')
      .evaluateAll((all) =>
        all.map(
          (one) => new URL(one.getAttribute('href') ?? one.getAttribute('src') ?? '', location.href).href,
        ),
      )
    return [...asked, ...shown].filter((url) => {
      const { pathname, origin: its } = new URL(url)
      return its === origin() && pathname !== BASE && !pathname.startsWith(`${BASE}/`)
    })
  }
}

test('every page is reached, and leads nowhere else', async ({ page, complaints }) => {
  expect(product.output()).toContain(`Holdfast is ready at ${origin()}${BASE}`)
  expect(at().url).toBe(origin() + BASE)
  const strays = await watchStrays(page)
  // A sign-in leads to where someone wanted to go.
  await page.goto(`${origin()}${BASE}/events?from=-7d`)
  await expect(page).toHaveURL(`${origin()}${BASE}/sign-in?callbackUrl=%2Fevents%3Ffrom%3D-7d`)
  const { email, password } = at().users.admin
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible()
  complaints.splice(0)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(`${origin()}${BASE}/events?from=-7d`)

  const navigation = page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
  await navigation.last().waitFor()
  const links = await navigation.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
  expect(links.length).toBeGreaterThan(20)
  for (const link of links) {
    await page.goto(origin() + link)
    await page.waitForLoadState('networkidle')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await strays(), link).toEqual([])
  }

  const cookies = await page.context().cookies()
  expect(cookies.find(({ name }) => name === 'holdfast-sites-holdfast.session-token')?.path).toBe(BASE)
  await page.getByRole('link', { name: 'Holdfast: overview' }).click()
  await page.waitForURL(`**${BASE}/overview**`)
  await page.getByRole('button', { name: 'Account of' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(`${origin()}${BASE}/sign-in`)
  expect(await strays()).toEqual([])
})

test('an invitation, the shop and what is not there stay under it, too', async ({ page, complaints }) => {
  const strays = await watchStrays(page)
  await signIn(page, 'admin', at())
  await page.goto(`${origin()}${BASE}/settings/install`)
  await expect(page.getByText(`${origin()}${BASE}/holdfast.js`).first()).toBeVisible()
  const invited = await page.request.post(`${at().url}/api/access/accounts`, {
    data: { email: 'new@shop.example', role: 'viewer', password: at().users.admin.password },
    headers: { origin: origin() },
  })
  const { path } = (await invited.json()) as { path: string }
  await page.goto(`${at().url}${path}`)
  await page.getByLabel('Password', { exact: true }).fill('a sentence that is long')
  await page.getByLabel('Once more').fill('a sentence that is long')
  await page.getByRole('button', { name: 'Choose it and sign in' }).click()
  await page.waitForURL(`**${BASE}/overview`)

  // The tracker of the shop records to where it was loaded from.
  const recorded = page.waitForResponse((answer) => answer.url().includes('/events/batch'))
  await page.goto(`${origin()}${BASE}/demo`)
  await page.getByRole('link', { name: 'Support' }).click()
  expect((await recorded).status()).toBe(202)
  expect(new URL((await recorded).url()).pathname).toBe(`${BASE}/api/analytics/user/events/batch`)
  expect(await strays()).toEqual([])

  await page.goto(`${origin()}${BASE}/no-such-page`)
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.waitForURL(`**${BASE}/overview`)
  expect(await strays()).toEqual([])
  complaints.splice(0)
})

test('the API is there, and nothing is outside', async () => {
  const tracked = await call('POST', '/api/analytics/user/events/track', {
    at: at(),
    body: { userId: 'u', type: 'click', name: 'base' },
  })
  expect(tracked.status).toBe(202)
  // The name in a path is the right segment of it.
  const user = await call('GET', '/api/analytics/user/users/u', { at: at() })
  expect(user.body).toMatchObject({ userId: 'u' })
  const api = await call('GET', '/api/openapi.json', { at: at() })
  expect(api.body.servers).toEqual([{ url: BASE }])
  for (const path of ['/overview', '/api/health/live', `${BASE}x`, '/sites', '/_next/static/x.js']) {
    const answer = await fetch(origin() + path)
    expect(answer.status, path).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  }
  expect((await fetch(`${at().url}/overview`, { method: 'POST' })).status).toBe(405)
  const top = await fetch(`${origin()}/`, { redirect: 'manual' })
  expect([top.status, top.headers.get('location')]).toEqual([307, BASE])
})
