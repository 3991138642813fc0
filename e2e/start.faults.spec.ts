import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { credentials } from '@/e2e/fixtures/product'
import { startProduct } from '@/scripts/test/start-product'

/** `npm start` as its own subject: a second product beside the one under test. */

let folder: string
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-second-'))
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROUTE = '/api/analytics/user/events'

async function ask(method: string, path: string, body?: object) {
  const { url, project } = credentials(folder)
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${project.secretKey}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  return response.json()
}

async function look(path: string): Promise<{ status: number; html: string }> {
  const response = await fetch(credentials(folder).url + path)
  return { status: response.status, html: await response.text() }
}

test('two live side by side; a second start keeps the data, the keys and the passwords, in under 15 s', async () => {
  const first = await startProduct(folder, {}, ['--no-demo'])
  const made = credentials(folder)
  expect(made.url).not.toBe(credentials().url)
  expect(made.project.secretKey).not.toBe(credentials().project.secretKey)
  expect((await ask('GET', `${ROUTE}/analytics`)).totals.events).toBe(0)
  await ask('POST', `${ROUTE}/track`, { name: 'kept', userId: 'u' })
  expect(statSync(join(folder, 'credentials.json')).mode & 0o777).toBe(0o600)
  // No demo, no shop. Its own pages record into a project of their own, unless it is told otherwise.
  expect((await look('/demo')).status).toBe(404)
  expect((await look('/sign-in')).html).toContain(made.own.writeKey)
  await first.stop()
  await expect(fetch(made.url)).rejects.toThrow()

  const startedAt = Date.now()
  const second = await startProduct(folder, {}, ['--no-demo', '--no-own-analytics'])
  const took = Date.now() - startedAt
  console.log(`second start: ready after ${took} ms`)
  expect(took).toBeLessThan(15_000)
  expect(credentials(folder)).toMatchObject({
    users: made.users,
    project: made.project,
    own: made.own,
  })
  expect((await look('/sign-in')).html).not.toContain('holdfast.js')
  expect((await ask('GET', `${ROUTE}/analytics`)).totals.events).toBe(1)

  const again = spawnSync('npm', ['start', '--', '--port', '45999', '--data-dir', folder], {
    encoding: 'utf8',
  })
  expect(again.status).toBe(1)
  expect(again.stderr).toMatch(/^Holdfast did not start: .*in use by process \d+/m)
  expect(again.stderr).not.toMatch(/^\s+at /m)

  // Of a start that is well nobody is told.
  const alerts = join(folder, 'recovery', 'alerts')
  await expect.poll(() => existsSync(join(alerts, 'observed.json'))).toBe(true)
  const state = join(alerts, 'state.json')
  expect(existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')).history : []).toEqual([])
  await second.stop()
})

test('this machine alone is answered, unless it is told otherwise; behind a proxy that speaks TLS all goes by TLS', async () => {
  const [outside] = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one !== undefined && !one.internal && one.family === 'IPv4')
  const answers = (port: number) =>
    fetch(`http://${outside?.address}:${port}/api/health/live`).then(
      ({ status }) => status,
      () => 'nobody',
    )
  test.skip(!outside, 'this machine has no other address')
  const alone = await startProduct(folder, {}, ['--no-demo'])
  expect(alone.output()).toContain('It answers this machine alone')
  expect(await answers(alone.port)).toBe('nobody')
  await alone.stop()

  const env = { NEXTAUTH_URL: 'https://holdfast.example', HOLDFAST_TRUST_PROXY: 'true' }
  const open = await startProduct(folder, env, ['--no-demo', '--host', '0.0.0.0'])
  expect(open.output()).not.toContain('It answers this machine alone')
  expect(await answers(open.port)).toBe(200)
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'holdfast.example' }
  const answer = await fetch(`http://127.0.0.1:${open.port}/api/auth/csrf`, { headers })
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
  expect(answer.headers.getSetCookie().join()).toMatch(/__Host-next-auth\.csrf-token=[^,]*Secure/)
  await open.stop()
})

test('a port in use and a folder of another PostgreSQL get one clear line', () => {
  const start = (...args: string[]) => spawnSync('npm', ['start', '--', ...args], { encoding: 'utf8' })
  const { port } = new URL(credentials().url)
  const taken = start('--port', port, '--data-dir', folder)
  expect(taken.stderr).toContain(
    `Holdfast did not start: Port ${port} is in use; choose another with --port.`,
  )
  expect(taken.status).toBe(1)

  const version = join(folder, 'cluster', 'a', 'PG_VERSION')
  const was = readFileSync(version, 'utf8')
  writeFileSync(version, '17\n')
  const other = start('--port', '45999', '--data-dir', folder)
  writeFileSync(version, was)
  expect(other.stderr).toMatch(/^Holdfast did not start: .*PostgreSQL 17/m)
  expect(other.stderr).not.toMatch(/^\s+at /m)
  expect(start('--host', 'example').stderr).toContain('--host example is not an address')
  expect(start('--port', 'x').stderr).toContain('--port x is not a port')
})
