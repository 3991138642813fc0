import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { expectAllStored } from '@/e2e/fixtures/load'
import { call, credentials } from '@/e2e/fixtures/product'
import { addressOf, type Cluster, startCluster } from '@/scripts/cluster'
import { canMount } from '@/scripts/test/can-mount'
import { type Clients, startClients, type Told } from '@/scripts/test/clients'
import { findProcess } from '@/scripts/test/find-process'
import { expectTook, measured } from '@/scripts/test/measured'
import { Session } from '@/scripts/test/session'
import { type Product, startProduct } from '@/scripts/test/start-product'

/** Recording while no member of the cluster runs, and the web server neither, or its disk is full. */

const OUTAGE_MS = 60_000
const ANSWER_MS = 5_000
/** Clients that were told to come back in 5 s do not wait, so all of it is draining. */
const AGAIN_MS = 10_000
const KILLS = 20
/** 8 clients with some 25 records a second each. */
const PACE = { clients: 8, everyMs: 40 }

test.describe.configure({ mode: 'serial' })

let servers: string
let folder: string
let cluster: Cluster
let product: Product

test.beforeAll(async () => {
  servers = mkdtempSync(join(tmpdir(), 'holdfast-servers-'))
  cluster = await startCluster({ dataDir: servers })
})
test.afterAll(async () => {
  await cluster?.stop()
  rmSync(servers, { recursive: true, force: true })
})
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-outage-'))
})
test.afterEach(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(dataDir = folder): Promise<void> {
  const env = { DATABASE_URL: addressOf(cluster), HOLDFAST_MEMBERS: JSON.stringify(cluster.members) }
  product = await startProduct(dataDir, env, ['--no-demo'])
}

function record(name: string, dataDir = folder): Clients {
  const { url, project } = credentials(dataDir)
  return startClients(url, project.secretKey, name, PACE)
}

/** Both members are stopped in good order, and started again later. */
async function outage(during: () => Promise<void>): Promise<void> {
  await cluster.stop()
  await during()
  cluster = await startCluster({ dataDir: servers })
}

/** Every record is there once, in the list and in what charts count. */
async function expectCounted(name: string, told: Told, dataDir = folder): Promise<void> {
  const at = credentials(dataDir)
  const stored = await expectAllStored(name, told, at)
  const total = async () => {
    const { body } = await call('GET', `/api/analytics/user/events/analytics?from=-1d&name=${name}`, { at })
    return (body.totals as { events: number } | undefined)?.events
  }
  await expect.poll(total).toBe(stored)
}

const untilAcknowledged = async ({ soFar }: Clients, more = 50) => {
  const goal = soFar.acknowledged.length + more
  await expect.poll(() => soFar.acknowledged.length).toBeGreaterThan(goal)
}

test('with both members stopped for a minute, every record is acknowledged in time, and is in every chart later', async () => {
  await start()
  const name = `outage-${randomUUID()}`
  const clients = record(name)
  await untilAcknowledged(clients)
  const viewer = await Session.signIn(credentials(folder), 'viewer')
  const spoolAlert = async () => {
    const { body } = await viewer.request('GET', '/api/disaster-recovery/alerts')
    return (body.rules as { id: string; state: string }[]).find(({ id }) => id === 'spool-waiting')?.state
  }
  await outage(async () => {
    await sleep(OUTAGE_MS)
    expect(await spoolAlert()).toBe('firing')
    const { body } = await viewer.request('GET', '/api/disaster-recovery/alerts/firing')
    expect(body.alerts).toContainEqual(
      expect.objectContaining({
        rule: 'spool-waiting',
        detail: expect.stringMatching(/^\d+ records wait for a leader, the oldest for \d+ s$/),
      }),
    )
  })
  await untilAcknowledged(clients)
  await expect.poll(spoolAlert).toBe('resolved')
  const told = await clients.stop()
  expectTook('the slowest answer with both members stopped for 60 s', told.longestMs, ANSWER_MS)
  measured('records acknowledged meanwhile', String(told.acknowledged.length))
  expect(told.refused).toEqual([])
  await expectCounted(name, told)
})

test('the web server is killed again and again meanwhile, and nothing that it acknowledged is lost', async () => {
  await start()
  const name = `killed-${randomUUID()}`
  const clients = record(name)
  await untilAcknowledged(clients)
  await outage(async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const pid = await untilServed()
      await sleep(Math.random() * 500)
      process.kill(pid, 'SIGKILL')
      await expect.poll(() => findProcess(folder, 'scripts/web.ts') !== pid).toBe(true)
    }
    await untilServed()
  })
  await untilAcknowledged(clients)
  const told = await clients.stop()
  // Nobody answers while it is started again.
  expect(told.refused.filter((status) => status !== 0 && status !== 503)).toEqual([])
  measured('records acknowledged between 20 kills of the web server', String(told.acknowledged.length))
  await expectCounted(name, told)
})

test('with the disk of the data folder full, nothing is acknowledged that would be lost', async () => {
  test.skip(!canMount(), 'No small disk can be mounted here.')
  const disk = join(folder, 'disk')
  execFileSync('mkdir', ['-m', '755', disk])
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=755', 'tmpfs', disk])
  try {
    await start(disk)
    const name = `full-${randomUUID()}`
    const clients = record(name, disk)
    await untilAcknowledged(clients)
    await outage(async () => {
      await expect.poll(() => clients.soFar.refused.length, { timeout: 240_000 }).toBeGreaterThan(100)
      await sleep(2_000)
    })
    const back = Date.now()
    await untilAcknowledged(clients)
    expectTook('records are taken again after the disk was full', Date.now() - back, AGAIN_MS)
    const told = await clients.stop()
    expect(new Set(told.refused)).toEqual(new Set([503]))
    await expectCounted(name, told, disk)
    await product.stop()
  } finally {
    await product.stop()
    execFileSync('umount', [disk])
  }
})

/** The process that answers. */
async function untilServed(): Promise<number> {
  const { url } = credentials(folder)
  const isServed = () =>
    fetch(`${url}/api/health/live`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isServed, { intervals: [50] }).toBe(true)
  return findProcess(folder, 'scripts/web.ts') ?? 0
}
