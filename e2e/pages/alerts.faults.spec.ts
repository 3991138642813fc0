import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { type Receiver, startReceiver } from '@/e2e/fixtures/receiver'
import { makeProject } from '@/e2e/fixtures/shop'
import { expect, test } from '@/e2e/fixtures/signed-in'
import type { AlertRule } from '@/lib/recovery/alerts/contract'
import { processesOf } from '@/scripts/test/member-processes'

/** Alerts from what is observed to the one who is told: real faults, a real receiver, a real browser. */

const ALERTS = '/api/disaster-recovery/alerts'

test.describe.configure({ mode: 'serial' })

let receiver: Receiver
test.beforeAll(async () => {
  receiver = await startReceiver()
})
test.beforeAll(async ({ browser, session }) => {
  const page = await browser.newPage({ storageState: session, baseURL: credentials().url })
  const made = await page.request.put(`${ALERTS}/channels/${randomUUID()}`, {
    data: { name: 'On call', target: { kind: 'webhook', url: receiver.url } },
    headers: { origin: credentials().url },
  })
  expect(made.status()).toBe(200)
  await page.close()
})
test.afterAll(() => receiver.stop())

const told = (rule: string) => receiver.got.filter((one) => one.rule === rule).map(({ kind }) => kind)

async function ruleOf(page: Page, id: string): Promise<AlertRule | undefined> {
  const { rules }: { rules: AlertRule[] } = await (await page.request.get(ALERTS)).json()
  return rules.find((rule) => rule.id === id)
}

const bannerOf = (page: Page, title: string) => page.getByRole('alert').filter({ hasText: title })

/** Types new times and limits into the form of a rule, on the alerts page. */
async function edit(page: Page, title: string, values: Record<string, string>): Promise<void> {
  await page.goto('/recovery/alerts')
  await page.getByRole('button', { name: title, exact: true }).click()
  const dialog = page.getByRole('dialog')
  for (const [label, value] of Object.entries(values)) await dialog.getByLabel(label).fill(value)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(`${title}: saved.`)).toBeVisible()
}

async function reset(page: Page, title: string): Promise<void> {
  await page.goto('/recovery/alerts')
  await page.getByRole('button', { name: title, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Reset to the default' }).click()
  await expect(page.getByText(`${title}: back to the default.`)).toBeVisible()
}

test('a threshold that is lowered fires: banner on every page, webhook; dismissed, then resolved', async ({
  page,
}) => {
  receiver.got.splice(0)
  const title = 'Connections run out'
  await edit(page, title, {
    'Warning at or above': '',
    'Critical at or above': '0.1',
    'Fires after it held for': '1',
    'Resolves after it was well for': '1',
  })
  await page.goto('/events')
  await expect(bannerOf(page, title)).toBeVisible()
  await expect.poll(() => told('connections')).toEqual(['firing'])
  const html = await (await page.request.get('/overview')).text()
  expect(html.replace(/<script[\s\S]*?<\/script>/g, '')).toContain(title)
  const metrics = await fetch(`${credentials().url}/api/metrics`, {
    headers: { authorization: `Bearer ${credentials().project.secretKey}` },
  })
  expect(await metrics.text()).toMatch(/^holdfast_alert_firing\{rule="connections"\} 1$/m)

  await page.getByRole('button', { name: `Dismiss: ${title}` }).click()
  await expect(bannerOf(page, title)).toBeHidden()
  await page.goto('/overview')
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await expect(bannerOf(page, title)).toBeHidden()

  await reset(page, title)
  await expect.poll(() => told('connections')).toEqual(['firing', 'resolved'])
  await page.goto('/recovery/alerts')
  const history = page.getByRole('region', { name: 'History' })
  await expect(history.getByRole('row', { name: /Connections run out Resolved/ }).first()).toBeVisible()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download History as CSV' }).click()
  expect((await saved).suggestedFilename()).toBe('alert-history.csv')
  await page.goto('/recovery/journal')
  await expect(
    page.getByRole('cell', { name: /Connections run out: back to the default/ }).first(),
  ).toBeVisible()
})

test('a standby that stands still is a lost member on every page, and is well again', async ({ page }) => {
  receiver.got.splice(0)
  const { cluster } = await (await page.request.get('/api/disaster-recovery/replication/status')).json()
  const standby = cluster.leader === 'a' ? 'b' : 'a'
  const title = 'A member is lost'
  await edit(page, title, { 'Fires after it held for': '2', 'Resolves after it was well for': '2' })
  await page.goto('/recovery/replication')
  const frozen = processesOf(dataDir(), standby)
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  try {
    await expect(bannerOf(page, title)).toContainText(`${standby} does not answer`)
    await expect.poll(() => told('member-lost')).toEqual(['firing'])
  } finally {
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
  }
  await expect(bannerOf(page, title)).toBeHidden()
  await expect.poll(() => told('member-lost')).toEqual(['firing', 'resolved'])
  await reset(page, title)
  await expect.poll(async () => (await ruleOf(page, 'synchronous-standby-lost'))?.value).toBe(1)
})

test('a number of a project that passes its bound fires: banner and webhook; with another bound it resolves', async ({
  page,
  session,
}) => {
  const shop = await makeProject(session)
  const records = Array.from({ length: 3 }, () => ({
    ...{ kind: 'event', type: 'custom', userId: 'u1', name: 'crash' },
  }))
  await call('POST', '/api/analytics/user/events/batch', { key: shop.secretKey, body: { records } })
  const body = { name: 'Crashes', metric: { kind: 'event', name: 'crash' }, condition: 'above', bound: 3 }
  const made = await call('POST', '/api/analytics/user/metric-alerts', { key: shop.secretKey, body })
  const { id } = made.body.alert as { id: string }
  await page.goto('/overview')
  await bannerOf(page, 'Crashes').getByRole('link', { name: 'See the alert' }).click()
  const row = page.getByRole('row', { name: /Crashes/ })
  await expect(row).toContainText('3 in the last 24 h')
  await expect(row).toContainText('Fires')
  await expect.poll(() => told(`metric:${id}`)).toEqual(['firing'])

  await page.getByRole('button', { name: 'Crashes', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Bound').fill('4')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('Resolved')
  await expect(bannerOf(page, 'Crashes')).toBeHidden()
  await expect.poll(() => told(`metric:${id}`)).toEqual(['firing', 'resolved'])
})
