// Patroni's REST API over real servers, one of them frozen in the end.
import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectTook } from '@/scripts/test/measured'
import { type Cluster, startCluster } from './index'
import { askRest, memberOf, postmasterOf, scratchFolder, untilSynchronous } from './testing'

const folder = scratchFolder()
const dataDir = folder.path
let cluster: Cluster

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = 'a secret of ours'
  process.env.ANYTHING_ELSE = 'a secret of ours'
  cluster = await startCluster({ dataDir })
  await untilSynchronous(cluster, 'b')
})

afterAll(async () => {
  await cluster?.stop()
  folder.remove()
})

test('answers only who asks for this machine by its own name', async () => {
  const ask = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const { restPort: port } = memberOf(cluster, 'a')
      get({ host: '127.0.0.1', port, path: '/patroni', headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      }).on('error', reject)
    })
  const { restPort } = memberOf(cluster, 'a')
  for (const host of [`127.0.0.1:${restPort}`, `localhost:${restPort}`]) expect(await ask(host)).toBe(200)
  for (const host of ['rebound.example', `rebound.example:${restPort}`, '127.0.0.1.rebound.example'])
    expect(await ask(host)).toBe(403)
})

test.skipIf(process.platform !== 'linux')('PostgreSQL inherits none of our secrets', () => {
  const environment = readFileSync(`/proc/${postmasterOf(dataDir, 'a')}/environ`, 'utf8')
  expect(environment).toContain('PATH=')
  expect(environment).not.toContain('a secret of ours')
})

test('/cluster', async () => {
  const { status, body } = await askRest(cluster, 'b', '/cluster')
  expect(status).toBe(200)
  const [a, b] = [memberOf(cluster, 'a'), memberOf(cluster, 'b')]
  const url = (port: number) => `http://127.0.0.1:${port}/patroni`
  expect(body).toMatchObject({
    scope: 'holdfast',
    members: [
      { name: 'a', role: 'leader', state: 'running', api_url: url(a.restPort), port: a.port, timeline: 1 },
      {
        name: 'b',
        role: 'sync_standby',
        state: 'streaming',
        api_url: url(b.restPort),
        port: b.port,
        lag: 0,
      },
    ],
  })
})

test('/patroni', async () => {
  const leader = (await askRest(cluster, 'a', '/patroni')).body
  expect(leader).toMatchObject({
    state: 'running',
    role: 'primary',
    timeline: 1,
    xlog: { location: expect.any(Number) },
    replication: [{ application_name: 'b', usename: 'replicator', state: 'streaming', sync_state: 'sync' }],
    database_system_identifier: expect.stringMatching(/^\d+$/),
    dcs_last_seen: expect.any(Number),
    patroni: { scope: 'holdfast', name: 'a', version: expect.any(String) },
  })
  const standby = (await askRest(cluster, 'b', '/patroni')).body
  expect(standby).toMatchObject({
    state: 'running',
    role: 'replica',
    sync_standby: true,
    xlog: { received_location: expect.any(Number), replayed_location: expect.any(Number), paused: false },
  })
  expect(standby.database_system_identifier).toBe(leader.database_system_identifier)
})

test('status codes', async () => {
  const codes = async (member: string, paths: string[]) =>
    Promise.all(paths.map(async (path) => (await askRest(cluster, member, path)).status))
  const paths = [
    '/',
    '/primary',
    '/leader',
    '/replica',
    '/sync',
    '/async',
    '/health',
    '/readiness',
    '/liveness',
  ]
  expect(await codes('a', paths)).toEqual([200, 200, 200, 503, 503, 503, 200, 200, 200])
  expect(await codes('b', paths)).toEqual([503, 503, 503, 200, 200, 503, 200, 200, 200])
  expect(await codes('a', ['/nothing', '/history', '/config', '/replica?lag=1MB'])).toEqual([
    404, 200, 200, 503,
  ])
  expect((await askRest(cluster, 'a', '/config')).body).toMatchObject({ synchronous_mode: true, ttl: 30 })
  expect((await askRest(cluster, 'a', '/history')).body).toEqual([])
  expect((await askRest(cluster, 'a', '/cluster', 'DELETE')).status).toBe(501)
})

test('a frozen server does not hang the REST API', async () => {
  const pid = postmasterOf(dataDir, 'b') as number
  const sessions = readdirSync('/proc')
    .map(Number)
    .filter((one) => one > 0 && parentOf(one) === pid)
  for (const one of [pid, ...sessions]) process.kill(one, 'SIGSTOP')
  const begun = Date.now()
  const { status, body } = await askRest(cluster, 'b', '/health')
  const took = Date.now() - begun
  for (const one of [pid, ...sessions]) process.kill(one, 'SIGCONT')
  expect({ status, state: body.state }).toEqual({ status: 503, state: 'unknown' })
  expectTook('the REST API of a member that is frozen', took, 2_000)
  await untilSynchronous(cluster, 'b')
})

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}
