import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { ensureBackup } from '@/e2e/fixtures/backups'
import { call, credentials } from '@/e2e/fixtures/product'
import { makeShop, type Shop } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'
import type { AlertRule } from '@/lib/recovery/alerts/contract'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Has what every page of a user shows. */
const SEEN_USER = 'seen-on-every-page'

/** Every page, and what of its data must be in the first HTML, before any script ran. */
const pages: { path: string; heading: string; data: RegExp[] }[] = [
  {
    path: '/overview',
    heading: 'Overview',
    data: [
      /page_view/,
      /desktop/,
      /\/app\/reports/,
      /checkout/,
      /href="\/features\/\w+/,
      /\d+ responses/,
      /Healthy/,
    ],
  },
  { path: '/events', heading: 'Events', data: [/page_view/, /Latest events/, /view_product/] },
  {
    path: '/events?breakdown=device&compare=previous&interval=week',
    heading: 'Events',
    data: [/desktop/, /mobile/],
  },
  { path: '/funnels', heading: 'Funnels', data: [/checkout/, /onboarding/, /Tracked/, /\d\.\d%/] },
  {
    path: '/funnels/checkout?compare=previous&from=-7d',
    heading: 'checkout',
    data: [/view_cart/, /dropped off/, /p90/, /desktop/],
  },
  {
    path: `/funnels/Draft?definition=${encodeURIComponent('{"steps":[{"name":"page_view"},{"name":"view_product"}]}')}`,
    heading: 'Draft',
    data: [/view_product/, /dropped off/, /Definition/],
  },
  { path: '/journeys', heading: 'Journeys', data: [/view_quote/, /Top paths/, /set_amount/, /connect_data/] },
  { path: '/journeys?source=events', heading: 'Journeys', data: [/\/app\/reports/, /Transitions/] },
  { path: '/features', heading: 'Features', data: [/csv_export/, /Export timed out after 30 s/] },
  {
    path: '/features/csv_export?breakdown=os',
    heading: 'csv_export',
    data: [/Nothing to export/, /Windows/, /Week 0/],
  },
  { path: '/retention', heading: 'Retention', data: [/Week 0/, /100\.0%/, /Return: any event/] },
  {
    path: '/satisfaction',
    heading: 'Satisfaction',
    data: [/Net Promoter Score/, /Promoters/, /desktop/, /user-\d{4}/],
  },
  {
    path: '/satisfaction?survey=ces&breakdown=context.after',
    heading: 'Satisfaction',
    data: [/Customer Effort Score/],
  },
  {
    path: '/satisfaction/surveys',
    heading: 'Surveys',
    data: [/Seen on every page\?/, /\/orders\/\*/, /after 10 s, every 90 days/],
  },
  { path: '/users?search=user-0', heading: 'Users', data: [/user-0\d{3}/, /Chrome/] },
  {
    path: `/users/${SEEN_USER}`,
    heading: SEEN_USER,
    data: [/Timeline/, /page_view/, /Feature use/, /Active days/],
  },
  {
    path: '/metric-alerts',
    heading: 'Metric alerts',
    data: [/Exports fail/, /the success rate of csv_export is below 90% in 7 days/],
  },
  {
    path: '/recovery/replication',
    heading: 'Replication',
    data: [/synchronous/, /streaming/, /holdfast/, /[0-9A-F]+\/[0-9A-F]+/],
  },
  {
    path: '/recovery/health',
    heading: 'Health',
    data: [
      /Database: wraparound/,
      /\d+ of \d+ checks pass/,
      /warns from 500,000,000 transactions/,
      /Member b: state/,
    ],
  },
  { path: '/recovery/failover', heading: 'Failover', data: [/Make the plan/, /Switchover/, /Healthy/] },
  {
    path: '/recovery/backups',
    heading: 'Backups',
    data: [
      /Newest backup/,
      /\d+ of \d+ checks pass/,
      /Repository 1: \d+ backups/,
      /Every moment can be restored/,
      /Whole|Verified|Proven/,
      /Archives/,
      /Succeeded/,
    ],
  },
  {
    path: '/recovery/restore',
    heading: 'Restore',
    data: [/Plan for the latest moment/, /Can be reached/, /recover-pitr/, /Repository 2/],
  },
  {
    path: '/recovery/alerts',
    heading: 'Alerts',
    data: [
      /Two members take writes/,
      /Well/,
      /commits wait for/,
      /Add a channel/,
      /Nothing has fired yet|History/,
    ],
  },
  {
    path: '/recovery/plan',
    heading: 'Disaster recovery plan',
    data: [
      /RPO now/,
      /Scenario 4: the site is lost/,
      /recover-pitr/,
      /href="#escalation"/,
      /RTO, last drill/,
    ],
  },
  { path: '/recovery/journal', heading: 'Journal', data: [/The chain is whole/] },
  {
    path: '/settings/install',
    heading: 'Install',
    data: [/holdfast\.js/, /Make a write key/, /The newest is/, /connect-src/, /http:\/\/localhost:\*/],
  },
  { path: '/settings/keys', heading: 'Keys', data: [/e2e/, /wk_/, /sk_/] },
  { path: '/settings/project', heading: 'Project', data: [/Shop [\da-f-]{36}/, /http:\/\/localhost:\*/] },
  {
    path: '/settings/account',
    heading: 'Your account',
    data: [/Add a second factor/, /Change the password/],
  },
  {
    path: '/settings/accounts',
    heading: 'Accounts',
    data: [/viewer@holdfast\.local/, /every project/, /may sign in/],
  },
  {
    path: '/settings/audit',
    heading: 'Audit log',
    data: [/made the project/, /made a key of/, /Shop [\da-f-]{36}/],
  },
  {
    path: '/reference',
    heading: 'API reference',
    data: [/\/api\/analytics\/user\/events\/track/, /occurredAt/],
  },
]

/** Axe's rules that look at colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

test.describe.configure({ mode: 'parallel' })

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string }[] }[]
}

let shop: Shop
test.beforeAll(async ({ session }) => {
  shop = await makeShop(session)
  const key = shop.secretKey
  const records = [
    { kind: 'event', type: 'page_view', name: 'page_view', pageUrl: 'https://shop.example/' },
    { kind: 'feature', feature: 'export', action: 'used', success: true },
  ]
  const body = { records: records.map((record) => ({ ...record, userId: SEEN_USER })) }
  expect((await call('POST', '/api/analytics/user/events/batch', { key, body })).status).toBe(202)
  const survey = { survey: 'nps', question: 'Seen on every page?', page: '/orders/*' }
  const made = await call('POST', '/api/analytics/user/satisfaction/surveys', { key, body: survey })
  expect(made.status).toBe(201)
  const metric = { kind: 'feature', name: 'csv_export' }
  // One that is off: what fires stands on the pages of all.
  const alert = {
    name: 'Exports fail',
    metric,
    condition: 'below',
    bound: 0.9,
    windowHours: 168,
    active: false,
  }
  const watched = await call('POST', '/api/analytics/user/metric-alerts', { key, body: alert })
  expect(watched.status).toBe(201)
})

// Until the demo's records are counted for the first time an answer may be long in coming, and then follows its page.
test.beforeAll(async ({ browser, session }) => {
  const page = await browser.newPage({ storageState: session, baseURL: credentials().url })
  const begun = new Date().toISOString()
  const waiting = async () => {
    const answer = await page.request.get('/api/disaster-recovery/alerts')
    const { asOf, rules }: { asOf: string; rules: AlertRule[] } = await answer.json()
    return asOf > begun ? rules.find(({ id }) => id === 'rollups-behind')?.value : 'not looked at since'
  }
  await expect.poll(waiting).toBe(0)
  await page.close()
})

test.beforeAll(async ({ browser, session }) => {
  const page = await browser.newPage({ storageState: session, baseURL: credentials().url })
  await ensureBackup(page)
  // The first visit waits for the page's code, too, and is sent without what takes long.
  await page.request.get('/recovery/restore')
  await page.close()
})

for (const { path, heading, data } of pages) {
  test(`${path}: its data in the first HTML, axe in light and dark, and 375 px`, async ({ page }) => {
    await page.addInitScript(() => localStorage.setItem('mantine-color-scheme-value', 'light'))
    // What is hydrated later stands in scripts: only what a person sees counts.
    const missing = (html: string) => {
      const seen = html.replace(/<script[\s\S]*?<\/script>/g, '')
      return [heading, ...data].filter((expected) => seen.match(expected) === null)
    }
    // An answer that takes long on a busy machine follows its page: then it is asked for again, without a browser, whose own
    // questions and drawing would keep it busy.
    await expect(async () => {
      const response = await page.request.get(shop.at(path))
      expect(response.status()).toBe(200)
      const policy = response.headers()['content-security-policy']
      expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'/)
      expect(policy).not.toContain('unsafe-eval')
      expect(missing(await response.text())).toEqual([])
    }).toPass({ timeout: 60_000 })
    await page.goto(shop.at(path))
    await expect.poll(async () => missing(await page.content())).toEqual([])
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    for (const scheme of ['light', 'dark'] as const) {
      await expectAccessible(page, scheme)
      if (scheme === 'light')
        await page.getByRole('button', { name: 'Change between dark and light' }).click()
    }

    await page.setViewportSize({ width: 375, height: 812 })
    await expect(page.getByRole('button', { name: 'Open the navigation' })).toBeVisible()
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(375)
  })
}

test('the navigation at 375 px is opened, leads on, and is closed again', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'Open the navigation' }).click()
  const link = page.getByRole('navigation').getByRole('link', { name: 'Replication' })
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Replication' })).toBeVisible()
  await expect(link).not.toBeInViewport()
})

async function expectAccessible(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
  // Evaluated by the debugger, which no Content-Security-Policy holds back.
  if (scheme === 'light') await page.evaluate(axe)
  // The same page in another scheme differs in its colours alone.
  const options = {
    resultTypes: ['violations'],
    preload: false,
    ...(scheme === 'dark' && { runOnly: COLOUR_RULES }),
  }
  const { violations } = await page.evaluate(
    (options) =>
      (window as unknown as { axe: { run(options: object): Promise<AxeResult> } }).axe.run(options),
    options,
  )
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
  expect(told, scheme).toEqual([])
}

test('the icon is there by the name that browsers ask for, too', async ({ page }) => {
  const icon = await page.request.get('/favicon.ico')
  expect(icon.status()).toBe(200)
  expect(icon.headers()['content-type']).toContain('image/svg+xml')
})

test('nothing shifts while a page loads and refreshes', async ({ page }) => {
  await page.goto('/events')
  await page.waitForLoadState('networkidle')
  await page.getByRole('button', { name: 'Ask again now' }).click()
  await page.waitForLoadState('networkidle')
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let total = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
            total += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(total), 500)
      }),
  )
  expect(shift).toBeLessThan(0.02)
})
