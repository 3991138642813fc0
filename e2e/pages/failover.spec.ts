import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { untilIdle } from '@/e2e/fixtures/backups'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { expect, signIn, test } from '@/e2e/fixtures/signed-in'
import { findProcess } from '@/scripts/test/find-process'
import { processesOf } from '@/scripts/test/member-processes'
import { slowness } from '@/scripts/test/slowness'

/** The leader is moved by hand, in a real browser, while records come in; every one that was acknowledged is there after. */

const TRACK = '/api/analytics/user/events/track'

// An order wants the password again when the sign-in is older than 5 minutes, as the worker's would be.
test.use({
  storageState: async ({ browser }, use) => {
    const page = await browser.newPage({ storageState: undefined })
    await signIn(page, 'admin')
    await use(await page.context().storageState())
    await page.close()
  },
})

/** Clients that record without end; `stop` answers what was acknowledged and the longest time without an answer. */
function recordSteadily(name: string) {
  const acknowledged: string[] = []
  const refused: number[] = []
  let longestMs = 0
  let going = true
  const client = async () => {
    while (going) {
      const id = randomUUID()
      const begun = Date.now()
      const { status } = await call('POST', TRACK, {
        body: { id, name, userId: `u-${id.slice(0, 2)}`, occurredAt: new Date().toISOString() },
      })
      longestMs = Math.max(longestMs, Date.now() - begun)
      if (status === 202) acknowledged.push(id)
      else refused.push(status)
    }
  }
  const clients = Array.from({ length: 6 }, client)
  return async () => {
    going = false
    await Promise.all(clients)
    return { acknowledged, refused, longestMs }
  }
}

async function storedIds(name: string): Promise<string[]> {
  const ids: string[] = []
  let cursor = ''
  do {
    const { body } = await call(
      'GET',
      `/api/analytics/user/events?from=-1d&name=${name}&limit=1000${cursor && `&cursor=${cursor}`}`,
    )
    ids.push(...((body.items as { id: string }[] | undefined) ?? []).map((item) => item.id))
    cursor = (body.nextCursor as string | null) ?? ''
  } while (cursor)
  return ids
}

async function expectAllStored(name: string, acknowledged: string[]): Promise<void> {
  const missing = async () => {
    const stored = await storedIds(name)
    expect(new Set(stored).size).toBe(stored.length)
    const there = new Set(stored)
    return acknowledged.filter((id) => !there.has(id)).length
  }
  await expect.poll(missing, { timeout: 20_000 * slowness }).toBe(0)
}

const leaderOf = async (page: Page): Promise<string> => {
  const status = await (await page.request.get('/api/disaster-recovery/replication/status')).json()
  return status.cluster.leader
}

/** An order to the local engine itself: what a lost machine would do cannot be ordered from the page. */
async function orderEngine(path: string, body: object): Promise<void> {
  const { restPassword } = JSON.parse(readFileSync(join(dataDir(), 'cluster', 'secrets.json'), 'utf8'))
  const port = credentials().cluster.members[0]?.restPort
  await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'PATCH',
    headers: { authorization: `Basic ${Buffer.from(`holdfast:${restPassword}`).toString('base64')}` },
    body: JSON.stringify(body),
  })
}

async function untilWhole(page: Page): Promise<void> {
  // A leader is not moved without a word while a backup is made.
  await untilIdle(page)
  const status = async () =>
    (await (await page.request.get('/api/disaster-recovery/replication/status')).json()).status
  await expect.poll(status, { timeout: 30_000 * slowness }).toBe('pass')
  await expect
    .poll(
      async () =>
        (await (await page.request.get('/api/disaster-recovery/replication/status')).json()).cluster
          .synchronous,
    )
    .toBe(true)
}

/** Fills the order in; `loss` where the plan wants one. */
async function giveOrder(page: Page, verb: RegExp, loss?: string): Promise<void> {
  await page.getByLabel('Reason').fill('a test of the button')
  if (loss !== undefined) await page.getByLabel('Loss that you accept').fill(loss)
  await page.getByLabel('Type the cluster’s name').fill('holdfast')
  await page.getByRole('button', { name: verb }).click()
}

test('a viewer sees the page, and can order nothing', async ({ browser }) => {
  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const page = await context.newPage()
  await signIn(page, 'viewer')
  await page.goto('/recovery/failover')
  await expect(page.getByRole('button', { name: 'Make the plan' })).toBeDisabled()
  const origin = credentials().url
  const refused = await page.request.post('/api/disaster-recovery/replication/failover', {
    data: { dryRun: true, mode: 'switchover' },
    headers: { origin },
  })
  expect(refused.status()).toBe(403)
  await context.close()
})

test('a switchover: plan, wrong name, order, each step, a reload in its midst, the journal; nothing acknowledged is lost', async ({
  page,
}) => {
  await untilWhole(page)
  const before = await leaderOf(page)
  const name = `switchover-${randomUUID()}`
  const stop = recordSteadily(name)
  await page.goto('/recovery/failover')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Every check passes')).toBeVisible()
  await expect(page.getByText(/Commits wait for it/)).toBeVisible()
  const button = page.getByRole('button', { name: /^Switch over to/ })
  await page.getByLabel('Reason').fill('a test of the button')
  await page.getByLabel('Type the cluster’s name').fill('holdfas')
  await button.click()
  await expect(page.getByText('Type holdfast', { exact: true })).toBeVisible()
  expect(await leaderOf(page)).toBe(before)
  await giveOrder(page, /^Switch over to/)
  await expect(page).toHaveURL(/operation=/)
  await page.reload()
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible({ timeout: 30_000 * slowness })
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps).toHaveCount(5)
  await expect(steps.getByRole('img', { name: 'is done' })).toHaveCount(5)
  await expect(page.getByText('nothing', { exact: true })).toBeVisible()
  expect(await leaderOf(page)).not.toBe(before)
  const { acknowledged, refused, longestMs } = await stop()
  console.log(`switchover: ${acknowledged.length} records, the slowest answer took ${longestMs} ms`)
  expect(refused).toEqual([])
  expect(longestMs).toBeLessThan(5_500)
  await expectAllStored(name, acknowledged)
  await page.getByRole('link', { name: 'In the journal' }).click()
  await expect(page.getByText('The chain is whole')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'succeeded' })).toBeVisible()
  await expect(page.getByRole('cell', { name: /^fence: done/ })).toBeVisible()
})

test('a plan that is stale, used or another’s is refused, and of two browsers one acts', async ({
  page,
  browser,
}) => {
  await untilWhole(page)
  const origin = credentials().url
  const post = (data: object, on: Page = page) =>
    on.request.post('/api/disaster-recovery/replication/failover', { data, headers: { origin } })
  const plan = async (on: Page = page) => (await post({ dryRun: true, mode: 'switchover' }, on)).json()
  const orderOf = ({ planId, candidate }: { planId: string; candidate: string }) => ({
    planId,
    candidate,
    mode: 'switchover',
    reason: 'a test',
    confirm: 'holdfast',
    acceptLossBytes: 0,
  })
  const context = await browser.newContext({ storageState: undefined, baseURL: credentials().url })
  const other = await context.newPage()
  await signIn(other, 'operator')
  const [mine, theirs] = await Promise.all([plan(), plan(other)])
  const answers = await Promise.all([
    post(orderOf(mine)),
    post(orderOf(theirs), other),
    post(orderOf(mine)),
    post(orderOf(theirs), other),
  ])
  const statuses = answers.map((answer) => answer.status()).sort()
  expect(statuses).toEqual([202, 409, 409, 409])
  for (const answer of answers.filter((one) => one.status() === 409)) {
    expect((await answer.json()).detail).toMatch(/under way|used already|has changed/)
  }
  await untilWhole(page)
  const late = await post(orderOf(mine))
  expect(late.status()).toBe(409)
  await context.close()
})

test('the web server dies in the midst: the operation is seen through, and the page goes on showing it', async ({
  page,
  complaints,
}) => {
  await untilWhole(page)
  const before = await leaderOf(page)
  await page.goto('/recovery/failover')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Only if you accept what it says')).toBeVisible()
  await giveOrder(page, /^Switch over to/, '0')
  await expect(page).toHaveURL(/operation=/)
  const killed = findProcess(dataDir(), 'scripts/web.ts')
  expect(killed).toBeDefined()
  process.kill(killed ?? 0, 'SIGKILL')
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible({ timeout: 60_000 * slowness })
  expect(findProcess(dataDir(), 'scripts/web.ts')).not.toBe(killed)
  expect(await leaderOf(page)).not.toBe(before)
  await page.getByRole('link', { name: 'In the journal' }).click()
  await expect(page.getByText('The chain is whole')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'succeeded' })).toBeVisible()
  // While the server was away the browser said so.
  complaints.splice(0)
})

test('a failover: the leader’s machine is lost, a standby takes over, the old leader stays out until it is reinitialized', async ({
  page,
  complaints,
}) => {
  await untilWhole(page)
  const lost = await leaderOf(page)
  const name = `failover-${randomUUID()}`
  const stop = recordSteadily(name)
  await page.goto('/recovery/failover')
  // Paused, the engine does not start it again, as nobody starts a machine that is lost.
  await orderEngine('/config', { pause: true })
  for (const pid of processesOf(dataDir(), lost)) process.kill(pid, 'SIGKILL')
  await page.getByText('Failover', { exact: true }).last().click()
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Only if you accept what it says')).toBeVisible()
  await giveOrder(page, /^Fail over to/, '0')
  const clicked = Date.now()
  await expect(page.getByRole('status').getByText(/leads\.$/)).toBeVisible({ timeout: 30_000 * slowness })
  console.log(`failover: done ${Date.now() - clicked} ms after the click`)
  const rto = Number(
    /RTO\s*([\d.]+) (ms|s)/.exec((await page.locator('dl').last().innerText()).replace(/\n/g, ' '))?.[1],
  )
  expect(rto).toBeGreaterThan(0)
  expect(await leaderOf(page)).not.toBe(lost)
  const { acknowledged, refused, longestMs } = await stop()
  console.log(`failover: ${acknowledged.length} records, the slowest answer took ${longestMs} ms`)
  expect(refused).toEqual([])
  await expectAllStored(name, acknowledged)

  await orderEngine('/config', { pause: null })
  await page.goto('/recovery/replication')
  await page.getByRole('button', { name: `Reinitialize ${lost}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('it is back')
  await dialog.getByLabel('Type the cluster’s name').fill('holdfast')
  await dialog.getByRole('button', { name: `Reinitialize ${lost}` }).click()
  await expect(dialog).toBeHidden()
  await untilWhole(page)
  // While the leader was away pages may have been told so.
  complaints.splice(0)
})
