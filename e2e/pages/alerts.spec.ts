import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'
import type { AlertRule } from '@/lib/recovery/alerts/contract'
import { processesOf } from '@/scripts/test/member-processes'
import { slowness } from '@/scripts/test/slowness'

/** Alerts from what is observed to the one who is told: real faults, a real receiver, a real browser. */

const ALERTS = '/api/disaster-recovery/alerts'
let receiver: Server
let got: { kind: string; rule: string; level: string }[] = []

test.describe.configure({ mode: 'serial', timeout: 120_000 * slowness })

test.beforeAll(async () => {
  receiver = createServer((request, response) => {
    let raw = ''
    request.on('data', (chunk) => {
      raw += chunk
    })
    request.on('end', () => {
      got.push(JSON.parse(raw))
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
})
test.afterAll(() => {
  receiver.closeAllConnections()
  receiver.close()
})

const told = (rule: string) => got.filter((one) => one.rule === rule).map(({ kind }) => kind)

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

test('a channel is added and tested: the message arrives, and its address is shown to nobody', async ({
  page,
}) => {
  await page.goto('/recovery/alerts')
  await page.getByRole('button', { name: 'Add a channel' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('On call')
  await dialog.getByRole('button', { name: 'Add the channel' }).click()
  await expect(dialog.getByText('An address is needed')).toBeVisible()
  const { port } = receiver.address() as AddressInfo
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/secret-path`)
  await dialog.getByRole('button', { name: 'Add the channel' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Test On call' }).click()
  await expect(page.getByText('it was taken')).toBeVisible()
  expect(got).toMatchObject([{ kind: 'test' }])
  expect(await (await page.request.get(`${ALERTS}/channels`)).text()).not.toContain('secret-path')
})

test('a threshold that is lowered fires: banner on every page, webhook; dismissed, then resolved', async ({
  page,
}) => {
  got = []
  const title = 'Connections run out'
  await edit(page, title, {
    'Warning at or above': '',
    'Critical at or above': '0.1',
    'Fires after it held for': '1',
    'Resolves after it was well for': '1',
  })
  await page.goto('/events')
  await expect(bannerOf(page, title)).toBeVisible({ timeout: 20_000 * slowness })
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
  await expect.poll(() => told('connections'), { timeout: 60_000 * slowness }).toEqual(['firing', 'resolved'])
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
  got = []
  const { cluster } = await (await page.request.get('/api/disaster-recovery/replication/status')).json()
  const standby = cluster.leader === 'a' ? 'b' : 'a'
  const title = 'A member is lost'
  await edit(page, title, { 'Fires after it held for': '2', 'Resolves after it was well for': '2' })
  await page.goto('/recovery/replication')
  const frozen = processesOf(dataDir(), standby)
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  try {
    await expect(bannerOf(page, title)).toContainText(`${standby} does not answer`, {
      timeout: 30_000 * slowness,
    })
    await expect.poll(() => told('member-lost'), { timeout: 10_000 * slowness }).toEqual(['firing'])
  } finally {
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
  }
  await expect(bannerOf(page, title)).toBeHidden({ timeout: 60_000 * slowness })
  await expect.poll(() => told('member-lost'), { timeout: 10_000 * slowness }).toEqual(['firing', 'resolved'])
  await reset(page, title)
  await expect
    .poll(async () => (await ruleOf(page, 'synchronous-standby-lost'))?.value, { timeout: 60_000 * slowness })
    .toBe(1)
})

test('a viewer sees alerts and changes nothing; what makes no sense is refused with the reason', async ({
  page,
  browser,
}) => {
  const wrong = { warn: 0.9, critical: 0.8, holdSeconds: 1, clearSeconds: 1 }
  const refused = await page.request.put(`${ALERTS}/rules/connections`, { data: wrong })
  expect([refused.status(), (await refused.json()).errors[0].path]).toEqual([422, 'critical'])
  for (const path of ['rules/nothing', 'rules/%00', 'channels/not-a-uuid'])
    expect((await page.request.delete(`${ALERTS}/${path}`)).status()).toBeLessThan(500)

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const other = await context.newPage()
  await signIn(other, 'viewer')
  await other.goto('/recovery/alerts')
  await expect(other.getByRole('button', { name: 'Connections run out', exact: true })).toBeVisible()
  await expect(other.getByRole('button', { name: 'Add a channel' })).toBeHidden()
  await other.getByRole('button', { name: 'Connections run out', exact: true }).click()
  await expect(other.getByRole('dialog').getByRole('button', { name: 'Save' })).toBeHidden()
  expect((await other.request.get(`${ALERTS}/channels`)).status()).toBe(403)
  expect((await other.request.put(`${ALERTS}/rules/connections`, { data: wrong })).status()).toBe(403)
  await context.close()
})

test('a channel is deleted', async ({ page }) => {
  await page.goto('/recovery/alerts')
  await page.getByRole('button', { name: 'Delete On call' }).click()
  await page.getByRole('button', { name: 'Delete the channel' }).click()
  await expect(page.getByText('Nobody is told yet')).toBeVisible()
})
