import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { decode, encode } from 'next-auth/jwt'
import { giveOrder, leaderOf, untilWhole } from '@/e2e/fixtures/failover'
import { credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, freshAdmin, signIn, test } from '@/e2e/fixtures/signed-in'

/** A click that is refused says why, where it was clicked, and changes nothing. */

const BASE = '/api/disaster-recovery/replication'

test.use({ storageState: freshAdmin })

let leader = ''
test.beforeEach(async ({ page }) => {
  await untilWhole(page)
  leader = await leaderOf(page)
})
test.afterEach(async ({ page, complaints }) => {
  expect(await leaderOf(page)).toBe(leader)
  // A browser says of every refusal that it was one.
  complaints.splice(0)
})

const post = async (page: Page, path: string, data: object, origin = credentials().url) => {
  const answer = await page.request.post(`${BASE}${path}`, { data, headers: { origin } })
  return { status: answer.status(), body: await answer.json() }
}

/** Makes a plan by the page. @returns what the order has to name as its loss, if anything */
async function makePlan(page: Page): Promise<string | undefined> {
  await page.goto('/recovery/failover')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByRole('button', { name: /^Switch over to/ })).toBeVisible()
  return (await page.getByLabel('Loss that you accept').isVisible()) ? '0' : undefined
}

const expectRefused = (page: Page, why: RegExp) =>
  expect(page.getByRole('alert').filter({ hasText: 'Nothing was done' })).toContainText(why)

test('an order without a reason, or with another name, is not even sent', async ({ page }) => {
  await makePlan(page)
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/failover')) sent += 1
  })
  await page.getByLabel('Type the cluster’s name').fill('holdfast-2')
  await page.getByRole('button', { name: /^Switch over to/ }).click()
  await expect(page.getByText('Say why, for the journal')).toBeVisible()
  await expect(page.getByText('Type holdfast', { exact: true })).toBeVisible()
  expect(sent).toBe(0)
})

test('a sign-in that is old is proved by the password, and not by another', async ({ page }) => {
  await ageSession(page)
  const loss = await makePlan(page)
  await giveOrder(page, /^Switch over to/, loss)
  await expectRefused(page, /older than 5 minutes/)
  await page.getByLabel('Your password').fill('not the password')
  await page.getByRole('button', { name: /^Switch over to/ }).click()
  await expectRefused(page, /This is not your password/)
})

test('a plan for a cluster that has changed since is refused; the next one says what has', async ({
  page,
}) => {
  const loss = await makePlan(page)
  const pause = (paused: boolean) =>
    post(page, '/pause', { paused, reason: 'a test of refusals', confirm: 'holdfast' })
  expect(await pause(true)).toMatchObject({ status: 200 })
  try {
    await giveOrder(page, /^Switch over to/, loss)
    await expectRefused(page, /The cluster has changed since the plan was made/)
    expect(await pause(true)).toMatchObject({ status: 409, body: { detail: 'It is paused already.' } })
    await page.getByRole('button', { name: 'Discard the plan' }).click()
    await page.getByRole('button', { name: 'Make the plan' }).click()
    await expect(page.getByText('it is paused', { exact: true })).toBeVisible()
    await giveOrder(page, /^Switch over to/)
    await expect(page.getByText('Name the loss that you accept')).toBeVisible()
  } finally {
    expect(await pause(false)).toMatchObject({ status: 200 })
  }
})

test('a plan that nobody used in time has expired', async ({ page }) => {
  await makePlan(page)
  const planId = new URL(page.url()).searchParams.get('plan')
  await expect(page.getByRole('timer')).toHaveText('Expired: make a new plan')
  await expect(page.getByRole('button', { name: /^Switch over to/ })).toBeDisabled()
  const candidate = leader === 'a' ? 'b' : 'a'
  const order = { planId, mode: 'switchover', candidate, reason: 'a test', confirm: 'holdfast' }
  const { status, body } = await post(page, '/failover', { ...order, acceptLossBytes: 0 })
  expect([status, body.detail]).toEqual([409, expect.stringContaining('This plan has expired')])
  await page.reload()
  await expect(page.getByText('This plan cannot be used')).toBeVisible()
  await expect(page.getByText(/has expired/)).toBeVisible()
})

test('the leader itself, and nobody, are no candidates', async ({ page }) => {
  const plan = async (candidate: string) =>
    (await post(page, '/failover', { dryRun: true, mode: 'switchover', candidate })).body
  for (const candidate of [leader, 'nobody']) {
    const made = await plan(candidate)
    expect(made).toMatchObject({ verdict: 'refused' })
    const failed = made.checks.filter(({ status }: { status: string }) => status === 'fail')
    expect(failed[0]).toMatchObject({ name: 'candidate is reachable', overridable: false })
  }
})

test('a viewer’s click, and a foreign page’s, are refused', async ({ browser, page: admins }) => {
  const asked = { dryRun: true, mode: 'switchover' }
  const foreign = await post(admins, '/failover', asked, 'https://elsewhere.example')
  expect([foreign.status, foreign.body.detail]).toEqual([403, expect.stringMatching(/\w+ \w+/)])

  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const page = await context.newPage()
  await signIn(page, 'viewer')
  await page.goto('/recovery/failover')
  await expect(page.getByRole('button', { name: 'Make the plan' })).toBeDisabled()
  await expect(page.getByText('This needs the role operator.')).toBeVisible()
  const order = { reason: 'a test', confirm: 'holdfast' }
  const orders = [
    post(page, '/failover', asked),
    post(page, '/pause', { paused: true, ...order }),
    post(page, `/members/${leader}/reinitialize`, order),
    post(page, `/members/${leader}/fence`, order),
  ]
  for (const { status, body } of await Promise.all(orders))
    expect([status, body.detail]).toEqual([403, expect.stringMatching(/operator/)])
  await context.close()
})

test('members are not made anew or fenced at the cost of the only one that takes writes', async ({
  page,
}) => {
  const guard = { reason: 'a test', confirm: 'holdfast' }
  const standby = leader === 'a' ? 'b' : 'a'
  const refusals = [
    [`/members/${leader}/reinitialize`, /leads: its data are what the others are made from/],
    [`/members/${leader}/fence`, /without . nobody would/],
    [`/members/${standby}/fence`, /takes no writes: there is nothing to fence/],
    ['/failover/cancel', /No switchover is scheduled/],
  ] as const
  for (const [path, why] of refusals) {
    const { status, body } = await post(page, path, guard)
    expect([status, body.detail]).toEqual([409, expect.stringMatching(why)])
  }
  const missing = await post(page, '/members/c/reinitialize', guard)
  expect(missing).toMatchObject({ status: 404, body: { detail: 'There is no such member.' } })
})

/** Has the page signed in ten minutes ago. */
async function ageSession(page: Page): Promise<void> {
  const context = page.context()
  const cookie = (await context.cookies()).find(({ name }) => name.endsWith('session-token'))
  const secret = readFileSync(join(dataDir(), 'session-secret'), 'utf8').trim()
  const token = await decode({ token: cookie?.value, secret })
  if (!cookie || !token) throw new Error('nobody is signed in')
  const value = await encode({ token: { ...token, authenticatedAt: Date.now() - 600_000 }, secret })
  await context.addCookies([{ ...cookie, value }])
}
