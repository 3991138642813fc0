import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '@/e2e/fixtures/in-place'
import { credentials } from '@/e2e/fixtures/product'
import { addressOf, type Cluster, startCluster } from '@/scripts/cluster'
import { processesOf } from '@/scripts/test/member-processes'
import { freePort, type Product, startProduct } from '@/scripts/test/start-product'

/** The console while every member of the cluster is down: a product of its own, whose cluster the test stops. */

const GLASS = 'a password for emergencies'
/** For the first view of a page, in milliseconds: a server that has just started loads the page's code before it draws. */
const FIRST_VIEW_MS = 20_000
let folder: string
let servers: string
let cluster: Cluster
let product: Product

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-console-'))
  servers = mkdtempSync(join(tmpdir(), 'holdfast-servers-'))
  cluster = await startCluster({ dataDir: servers })
  product = await start()
})
test.afterAll(async () => {
  await product?.stop()
  await cluster?.stop()
  for (const path of [folder, servers]) rmSync(path, { recursive: true, force: true })
})

function start(): Promise<Product> {
  const env = {
    DATABASE_URL: addressOf(cluster),
    HOLDFAST_MEMBERS: JSON.stringify(cluster.members),
    HOLDFAST_CLUSTER: cluster.name,
    HOLDFAST_BREAK_GLASS_PASSWORD: GLASS,
  }
  return startProduct(folder, env, ['--no-demo'])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const url = (path: string): string => `http://localhost:${product.port}${path}`

async function submit(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Waits for the page itself: the address of a sign-in that leads to it ends with its path, too. */
async function arrive(page: Page, path: string, timeout?: number): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname === path, { timeout })
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.goto(url('/sign-in?callbackUrl=/recovery/replication'))
  await submit(page, name, password)
  await arrive(page, '/recovery/replication')
}

async function expectEveryMemberDown(page: Page, timeout?: number): Promise<void> {
  for (const { name } of cluster.members) {
    const member = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name, exact: true }) })
    await expect(member).toContainText('Its API does not answer', { timeout })
  }
}

async function expectNoDatabase(page: Page): Promise<void> {
  const begun = Date.now()
  await page.goto(url('/overview'), { waitUntil: 'commit' })
  const firstHtml = Date.now() - begun
  await expect(page.getByRole('alert').filter({ hasText: 'No database answers' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Project' })).toHaveValue('Demo')
  await expect(page.getByRole('link', { name: 'Replication' }).first()).toBeVisible()
  console.log(`first HTML of the overview without a database: ${firstHtml} ms`)
  expect(firstHtml).toBeLessThan(1_000)
  await page.getByRole('link', { name: 'Recovery: see the databases' }).click()
  await arrive(page, '/recovery/replication')
  await expectEveryMemberDown(page)
}

async function expectWellAgain(page: Page): Promise<void> {
  await page.goto(url('/overview'))
  await expect(async () => {
    const again = page.getByRole('button', { name: 'Try again' }).first()
    if (await again.isVisible()) await again.click()
    await expect(page.getByRole('heading', { name: 'Events over time' })).toBeVisible({ timeout: 2_000 })
  }).toPass()
}

/** The button works, and says why it does nothing; so does the journal. */
async function expectRefusal(page: Page): Promise<void> {
  await page.goto(url('/recovery/failover'))
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await expect(page.getByText('Refused', { exact: true })).toBeVisible()
  await expect(page.getByText('no member can be promoted')).toBeVisible()
  await page.goto(url('/recovery/journal'))
  // What is streamed stands at the page's end, hidden, until it is put in its place.
  await expect(page.getByRole('main').getByText('The chain is whole')).toBeVisible()
  await expect(page.getByRole('cell', { name: /no candidate: refused$/ }).first()).toBeVisible()
}

/** It fires, is told on every page, and what an operator changes is kept. */
async function expectAlert(page: Page): Promise<void> {
  await page.goto(url('/recovery/alerts'))
  const banner = page.getByRole('alert').filter({ hasText: 'No leader takes writes' })
  await expect(banner).toContainText('nobody takes writes')
  await page.getByRole('button', { name: 'No leader takes writes', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Silence', exact: true }).click()
  await expect(page.getByText('No leader takes writes: silenced.')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Announce it again' }).click()
  await expect(page.getByText('No leader takes writes: announced again.')).toBeVisible()
}

async function record(name: string): Promise<{ status: number; spooled: number }> {
  const response = await fetch(url('/api/analytics/user/events/track'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${credentials(folder).project.writeKey}`,
    },
    body: JSON.stringify({ userId: 'u', name }),
  })
  return { status: response.status, spooled: (await response.json()).spooled }
}

test('with every member stopped an operator signs in and sees what is down; later all is well', async ({
  page,
  browser,
}) => {
  const { operator } = credentials(folder).users
  await page.goto(url('/sign-in'))
  await submit(page, 'break-glass', GLASS)
  await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible()

  // A server that has served the page before: what is measured below is the wait for a database, not for the page's code.
  const earlier = await browser.newPage()
  await signIn(earlier, operator.email, operator.password)
  expect((await earlier.request.get(url('/overview'))).status()).toBe(200)
  await earlier.close()

  await cluster.stop()
  await expect(async () => {
    await page.goto(url('/sign-in'))
    await expect(page.getByText('No database answers.')).toBeVisible({ timeout: 500 })
  }).toPass()
  await submit(page, operator.email, 'not the password')
  await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible()
  await signIn(page, operator.email, operator.password)
  await expectEveryMemberDown(page)
  await expectNoDatabase(page)
  const session = await page.request.get(url('/api/auth/session'))
  const { account } = await session.json()
  expect(account).toMatchObject({ email: operator.email, role: 'operator' })
  expect(Math.abs(Date.now() - account.authenticatedAt)).toBeLessThan(60_000)

  await expectRefusal(page)
  await expectAlert(page)
  const name = 'recorded without a database'
  expect(await record(name)).toEqual({ status: 202, spooled: 1 })

  const other = await browser.newPage()
  await signIn(other, 'break-glass', GLASS)
  await expectEveryMemberDown(other)
  await other.close()

  cluster = await startCluster({ dataDir: servers })
  await expectWellAgain(page)
  await expect
    .poll(
      async () =>
        (await (await page.request.get(url(`/api/analytics/user/events?name=${name}`))).json()).items.length,
    )
    .toBe(1)
})

test('members that hang hold up no page, and nobody at the door', async ({ page }) => {
  const { viewer } = credentials(folder).users
  const frozen = cluster.members.flatMap(({ name }) => processesOf(servers, name))
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  try {
    await expect(async () => {
      await page.goto(url('/sign-in?callbackUrl=/recovery/replication'))
      await expect(page.getByText('No database answers.')).toBeVisible({ timeout: 500 })
    }).toPass()
    await submit(page, viewer.email, viewer.password)
    await arrive(page, '/recovery/replication', 5_000)
    await expect(page.getByText('No leader answers').first()).toBeVisible()
    for (const path of ['/overview', '/recovery/replication']) {
      const begun = Date.now()
      await page.goto(url(path), { waitUntil: 'commit' })
      expect(Date.now() - begun).toBeLessThan(1_500)
    }
    const answer = await page.request.post(url('/api/access/projects'), {
      data: { name: 'Not for a viewer' },
    })
    expect(answer.status()).toBe(403)
  } finally {
    for (const pid of frozen) if (isAlive(pid)) process.kill(pid, 'SIGCONT')
  }
  await expectWellAgain(page)
})

test('a start without a database waits, serves, and prepares the database when it is back', async ({
  page,
}) => {
  await product.stop()
  await cluster.stop()
  const begun = Date.now()
  product = await start()
  expect(Date.now() - begun).toBeLessThan(60_000)
  expect(product.output()).toContain('Waiting up to 15 s for a database')
  await expect.poll(() => product.output()).toContain('No database answers yet')

  const { operator } = credentials(folder).users
  await signIn(page, operator.email, operator.password)
  await expectEveryMemberDown(page, FIRST_VIEW_MS)
  await expectNoDatabase(page)

  const first = join(folder, 'never-started')
  const refused = spawnSync('npm', ['start', '--', '--port', String(await freePort()), '--data-dir', first], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: addressOf(cluster) },
  })
  expect(refused.stderr).toMatch(/^Holdfast did not start: No server of DATABASE_URL takes writes\./m)
  expect(refused.status).toBe(1)

  cluster = await startCluster({ dataDir: servers })
  await expect.poll(() => product.output()).toContain('everything works')
  await expectWellAgain(page)
})

test('a local cluster that cannot start again is tried again, and the console stays', async ({ page }) => {
  await product.stop()
  rmSync(folder, { recursive: true })
  product = await startProduct(folder, {}, ['--no-demo'])
  const version = join(folder, 'cluster', 'a', 'PG_VERSION')
  const was = readFileSync(version, 'utf8')
  writeFileSync(version, '17\n')
  process.kill(JSON.parse(readFileSync(join(folder, 'cluster', 'lock'), 'utf8')).pid, 'SIGKILL')
  await expect.poll(() => product.output()).toMatch(/did not start again: .*PostgreSQL 17.* Trying again\./)
  const { admin } = credentials(folder).users
  await signIn(page, admin.email, admin.password)
  await expectEveryMemberDown(page, FIRST_VIEW_MS)
  writeFileSync(version, was)
  await expectWellAgain(page)
})
