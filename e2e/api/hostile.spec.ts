import { randomBytes, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { expect, test } from '@playwright/test'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { findProcess } from '@/scripts/test/find-process'

const TRACK = '/api/analytics/user/events/track'
const BATCH = '/api/analytics/user/events/batch'
const READ = '/api/analytics/user/events'

/** Endpoints of the other kinds, with a body that their rules refuse. */
const KINDS: [string, object][] = [
  ['/api/analytics/user/features/track', { feature: 'x', action: 'broke' }],
  ['/api/analytics/user/features/track', { feature: 'x', action: 'used', success: 'yes' }],
  ['/api/analytics/user/funnels/track', { funnel: 'x', stage: 'y', stageOrder: 0 }],
  ['/api/analytics/user/funnels/complete', { funnel: '' }],
  ['/api/analytics/user/journeys/track', { journey: 'x', step: 'a\0b' }],
  ['/api/analytics/user/journeys/complete', { runId: 'x' }],
  ['/api/analytics/user/satisfaction/record', { survey: 'nps', score: 11 }],
  ['/api/analytics/user/satisfaction/record', { survey: 'csat', score: 3, context: [] }],
]

const BASE = '/api/analytics/user'
const json = (value: unknown) => JSON.stringify(value)
const step = { name: 'x' }
const definition = (value: unknown) => `definition=${encodeURIComponent(json(value))}`

/** Questions that have no answer. */
const QUESTIONS = [
  '/funnels?from=tomorrow',
  '/events/analytics?to=9999-12-31',
  '/events/analytics?from=0000-01-01&to=9999-12-31T23:59:59Z&compare=previous&timezone=Pacific/Apia',
  '/funnels/x/analytics?definition=%7B',
  `/funnels/x/analytics?${definition([])}`,
  `/funnels/x/analytics?${definition({ steps: [step] })}`,
  `/funnels/x/analytics?${definition({ steps: Array(11).fill(step) })}`,
  `/funnels/x/analytics?${definition({ steps: [step, { ...step, optional: true }] })}`,
  `/funnels/x/analytics?${definition({ steps: [step, { ...step, filters: { 'a"b': '1' } }] })}`,
  `/funnels/x/analytics?${definition({ steps: [step, { ...step, filters: { name: 'a\0' } }] })}`,
  `/funnels/x/analytics?${definition({ steps: [step, step], window: '0d' })}`,
  '/funnels/x/analytics?window=-1d',
  '/funnels/x/analytics?strict=maybe',
  '/funnels/x/analytics?breakdown=name',
  '/funnels/%00/analytics',
  '/funnels/%ff/analytics',
  '/features/stats?action=broke',
  '/features/stats?breakdown=properties',
  '/features/stats?interval=minute',
  '/features/x/retention?interval=hour',
  '/retention?interval=day&from=2000-01-01',
  '/retention?event=',
  '/journeys?completed=perhaps',
  '/journeys?cursor=bm90IGEgY3Vyc29y',
  '/journeys/analytics?source=logs',
  '/journeys/analytics?limit=0',
  '/journeys/analytics?end=a%00b',
  '/satisfaction/metrics?survey=cast',
  '/satisfaction/metrics?context.=1',
  '/satisfaction/responses?scoreFrom=9&scoreTo=1',
  '/satisfaction/responses?scoreFrom=1e9',
  '/satisfaction/responses?cursor=WyJhIiwiYiIsImMiXQ',
  '/satisfaction/surveys?survey=nps',
  '/satisfaction/surveys/due?project=x',
  '/satisfaction/surveys/%00',
  '/estimate',
  '/estimate?of=clicks',
  '/estimate?of=event&from=2026-02-02&to=2026-02-01',
  '/users?cursor=WyJhIiwiYiJd',
  '/users?limit=1001',
  '/users/%00',
  '/users/%e0%a4',
  '/users/x?kind=event',
  '/users/x/timeline?kind=events',
  '/users/x/timeline?cursor=WyJ5ZXN0ZXJkYXkiLCJldmVudCIsIjEiXQ',
  '/users/x/export?format=csv',
]

interface Hostile {
  why: string
  method?: string
  path: string
  body?: string
  headers?: Record<string, string>
}

/** What a hostile request would record: by a name that no other test has. */
const good = { name: `hostile-${randomUUID()}`, userId: 'hostile' }
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const pick = <T>(from: T[], index: number): T => from[index % from.length] as T

/** Ways to be hostile; each is made many times over, with something random in it. */
const attacks: ((index: number) => Hostile)[] = [
  (i) => ({ why: 'a question without an answer', method: 'GET', path: BASE + pick(QUESTIONS, i) }),
  (i) => ({
    why: 'a funnel that is none',
    path: `${BASE}/funnels`,
    body: json(
      pick<object>([{ name: 'x' }, { name: '', definition: { steps: [step, step] } }, { definition: 1 }], i),
    ),
  }),
  (i) => ({
    why: 'a survey that cannot be asked',
    path: `${BASE}/satisfaction/surveys`,
    body: json({
      survey: 'nps',
      question: 'x',
      ...pick<object>(
        [{ survey: 'x' }, { question: '\0' }, { page: 'x' }, { everyDays: 0 }, { delaySeconds: 1e9 }],
        i,
      ),
    }),
  }),
  (i) => ({
    why: 'a join of nobody',
    path: `${BASE}/users/identify`,
    body: json(
      pick<object>(
        [{ userId: 'x' }, { anonymousId: 'x', userId: 'x' }, { anonymousId: 'a\0', userId: 'b' }],
        i,
      ),
    ),
  }),
  (i) => ({ why: 'broken JSON', path: pick([TRACK, BATCH], i), body: json(good).slice(0, 1 + (i % 25)) }),
  () => ({ why: 'not JSON', path: TRACK, body: randomBytes(40).toString('latin1') }),
  (i) => ({
    why: 'not an object',
    path: pick([TRACK, BATCH], i),
    body: pick(['1', '"x"', 'null', '[]', 'true', '[[[]]]'], i),
  }),
  (i) => ({
    why: 'wrong type',
    path: TRACK,
    body: json({
      ...good,
      [pick(['name', 'userId', 'sessionId', 'category', 'pageUrl'], i)]: pick([1, null, {}, [], true], i),
    }),
  }),
  (i) => ({
    why: 'wrong number',
    path: TRACK,
    body: json({ ...good, durationMs: pick([-1, '5', 1e300, null, {}], i) }),
  }),
  (i) => ({ why: 'huge field', path: TRACK, body: json({ ...good, name: 'x'.repeat(201 + (i % 5_000)) }) }),
  () => ({ why: 'huge body', path: TRACK, body: json({ ...good, properties: { a: 'x'.repeat(70_000) } }) }),
  () => ({
    why: 'huge batch',
    path: BATCH,
    body: json({ records: [{ kind: 'event', ...good, properties: { a: 'x'.repeat(1_100_000) } }] }),
  }),
  (i) => ({ why: 'too many records', path: BATCH, body: json({ records: Array(1_001 + (i % 5)).fill({}) }) }),
  (i) => ({
    why: 'deep properties',
    path: TRACK,
    body: `{"name":"x","userId":"y","properties":${nested(9 + (i % 3_000))}}`,
  }),
  (i) => ({
    why: 'deep nonsense',
    path: pick([TRACK, BATCH], i),
    body: '['.repeat(10_000) + ']'.repeat(10_000),
  }),
  (i) => ({
    why: 'NUL',
    path: TRACK,
    body: json({ ...good, [pick(['name', 'userId', 'pageUrl', 'referrer', 'userAgent'], i)]: 'a\0b' }),
  }),
  () => ({
    why: 'NUL in properties',
    path: TRACK,
    body: json({ ...good, properties: { 'k\0': 1, b: ['\0'] } }),
  }),
  (i) => ({
    why: 'lone surrogate',
    path: TRACK,
    body: pick(
      [
        `{"name":"\\ud800","userId":"x"}`,
        `{"name":"x","userId":"\\udfff!"}`,
        `{"name":"x","userId":"y","properties":{"\\ud834":"\\ud834"}}`,
      ],
      i,
    ),
  }),
  (i) => ({
    why: 'bad date',
    path: TRACK,
    body: json({
      ...good,
      occurredAt: pick(
        [
          'yesterday',
          '2026-13-01T00:00:00Z',
          '9999-12-31T00:00:00Z',
          '1969-01-01T00:00:00Z',
          '2026-02-30T00:00:00Z',
          0,
          '',
          '-271821-04-20T00:00:00Z',
        ],
        i,
      ),
    }),
  }),
  (i) => ({
    why: 'bad sentAt',
    path: pick([TRACK, BATCH], i),
    body: json({ ...good, records: [{}], sentAt: 'now' }),
  }),
  (i) => ({
    why: 'bad id',
    path: TRACK,
    body: json({ ...good, id: pick(['1', 'not-a-uuid', '', 5, "'; drop table user_events; --"], i) }),
  }),
  (i) => ({
    why: 'unknown field',
    path: TRACK,
    body: json({ ...good, [pick(['userID', 'constructor', '__proto', '$where', 'isAdmin'], i)]: 1 }),
  }),
  (i) => ({
    why: 'against the rules of its kind',
    path: pick(KINDS, i)[0],
    body: json({ userId: 'hostile', ...pick(KINDS, i)[1] }),
  }),
  (i) => ({
    why: 'broken sign-in',
    path: pick(
      ['/api/auth/callback/credentials', '/api/auth/session', '/api/auth/signout', '/api/auth/_log'],
      i,
    ),
    body: pick(['{bad', '', 'null', '1', '['], i),
  }),
  (i) => ({
    why: 'method on a fixed answer',
    method: pick(['PUT', 'DELETE', 'PATCH'], i),
    path: pick(['/api/auth/session', '/api/health/live', '/api/openapi.json'], i),
  }),
  (i) => ({
    why: 'write to a page',
    path: pick(['/events', '/sign-in', '/', '/nothing'], i),
    body: '[]',
    headers: { 'next-action': pick(['abc', '0'.repeat(42), ''], i) },
  }),
  (i) => ({
    why: 'broken router state',
    method: 'GET',
    path: pick(['/sign-in', '/events?_rsc=x'], i),
    headers: { rsc: '1', 'next-router-state-tree': pick(['%5B', '%', '1', '%5B%22%22%2C%7B%7D%2C5%5D'], i) },
  }),
  () => ({ why: 'a prototype', path: TRACK, body: '{"name":"x","userId":"y","__proto__":{"z":1}}' }),
  () => ({ why: 'no user', path: TRACK, body: json({ name: 'x' }) }),
  (i) => ({
    why: 'nobody',
    path: TRACK,
    body: json({ name: 'x', userId: pick(['undefined', 'null', '[object Object]', 'anonymous'], i) }),
  }),
  (i) => ({
    why: 'a number that would change',
    path: TRACK,
    body: `{"name":"x","userId":"y","properties":{"n":${pick(['9007199254740993', '1e400', '-1e-400'], i)}}}`,
  }),
  (i) => ({
    why: 'not packed as it says',
    path: TRACK,
    body: json(good),
    headers: { 'content-encoding': pick(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip'], i) },
  }),
  (i) => ({
    why: 'unknown key',
    path: TRACK,
    body: json(good),
    headers: { authorization: `Bearer ${pick(['wk', 'sk'], i)}_${randomBytes(24).toString('base64url')}` },
  }),
  (i) => ({
    why: 'no key',
    path: TRACK,
    body: json(good),
    headers: {
      authorization: pick(['', 'Bearer', 'Basic eDp5', 'Bearer \u00e9', `Bearer ${'x'.repeat(4_000)}`], i),
    },
  }),
  () => ({
    why: 'key of a wrong type',
    path: TRACK,
    body: json({ ...good, writeKey: { a: 1 } }),
    headers: { authorization: '' },
  }),
  (i) => ({
    why: 'write key reads',
    path: pick([READ, `${READ}/analytics`], i),
    method: 'GET',
    headers: { authorization: `Bearer ${credentials().project.writeKey}` },
  }),
  () => ({
    why: "another project's key",
    path: `${READ}?project=${'0193fdf0-0000-7000-8000-000000000000'}`,
    method: 'GET',
  }),
  (i) => ({
    why: 'another origin',
    path: pick([TRACK, BATCH], i),
    body: json(good),
    headers: {
      origin: pick(
        ['https://evil.example', 'null', 'http://localhost.evil.example', 'file://', 'http://localhost:x'],
        i,
      ),
    },
  }),
  (i) => ({
    why: 'wrong method',
    path: pick([TRACK, BATCH], i),
    method: pick(['GET', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'LOCK'], i),
  }),
  (i) => ({
    why: 'wrong method for reading',
    path: READ,
    method: pick(['POST', 'PUT', 'DELETE', 'PURGE'], i),
    body: json(good),
  }),
  (i) => ({
    why: 'media type',
    path: TRACK,
    body: json(good),
    headers: {
      'content-type': pick(
        [
          'application/xml',
          'multipart/form-data; boundary=x',
          'application/x-www-form-urlencoded',
          'application/json-patch+json',
        ],
        i,
      ),
    },
  }),
  (i) => ({
    why: 'unknown path',
    path: pick(
      ['/api/nothing', '/api/analytics/user/events/track/more', '/api/analytics/user/%00', '/api/x/%2e%2e/y'],
      i,
    ),
    method: pick(['GET', 'POST'], i),
    body: i % 2 ? json(good) : undefined,
  }),
  (i) => ({
    why: 'undecodable path',
    path: pick(['/api/%E0%A4%A', '/api/analytics/user/events/%', '/%ff', '/api/access/keys/%c0%af'], i),
    method: 'GET',
  }),
  (i) => ({
    why: 'bad parameter',
    method: 'GET',
    path: `${READ}/analytics?${pick(['from=never', 'to=2026', 'interval=second', 'timezone=Mars/Olympus', 'timezone=%2B05:00', 'breakdown=password', 'compare=next', 'limit=0', 'limit=1e9', 'from=2026-01-02&to=2026-01-01', 'interval=hour&from=2000-01-01', 'bogus=1', 'constructor=1', 'from=-1d&from=-2d', 'name=%00', 'breakdown=property.%00', 'property.%00=x', 'property.a=%00'], i)}`,
  }),
  (i) => ({
    why: 'bad cursor',
    method: 'GET',
    path: `${READ}?cursor=${pick(['x', 'bnVsbA', Buffer.from('["a","b","c"]').toString('base64url'), Buffer.from('["2026-01-01","\\u0000","c"]').toString('base64url'), Buffer.from('[1,2,3]').toString('base64url')], i)}`,
  }),
  (i) => ({
    why: 'not signed in',
    path: pick(['/api/access/keys', '/api/access/projects', '/api/disaster-recovery/replication/status'], i),
    method: 'GET',
  }),
  (i) => ({
    why: 'not signed in, changes',
    path: pick(['/api/access/keys', '/api/access/projects'], i),
    body: json({ name: 'x', kind: 'secret' }),
  }),
]

test('2,000 hostile requests get 4xx problems and the server still serves', async () => {
  const before = await call('GET', `${READ}/analytics?from=-1d&name=${good.name}`)
  const requests = Array.from({ length: 2_000 }, (_, index) =>
    pick(attacks, index)(Math.floor(index / attacks.length)),
  )
  const wrong: string[] = []
  const queue = [...requests]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { why, method = 'POST', path, body, headers } = next
        try {
          const { status, type } = await send(method, path, body, headers)
          if (status < 400 || status > 499 || !type.startsWith('application/problem+json'))
            wrong.push(`${why}: ${method} ${path} ${status} ${type} ${body?.slice(0, 80)}`)
        } catch (error) {
          wrong.push(`${why}: ${method} ${path} ${error}`)
        }
      }
    }),
  )
  expect(wrong).toEqual([])
  const ok = await call('POST', TRACK, { body: { name: 'still here', userId: 'u' } })
  expect(ok.status).toBe(202)
  const after = await call('GET', `${READ}/analytics?from=-1d&name=${good.name}`)
  expect(after.body.totals).toEqual(before.body.totals)
})

test('every page has a policy for what it may load, also one that there is not', async ({ request }) => {
  const { url } = credentials()
  for (const path of [
    '/sign-in',
    '/nothing',
    '/nothing.php',
    '/a/b.com',
    '/holdfast.js.map',
    '/_next/nothing',
    '/_next/static/nothing.js',
    '/api/nothing',
  ]) {
    const answer = await request.get(url + path, { maxRedirects: 0 })
    const headers = answer.headers()
    const isPage = (headers['content-type'] ?? '').startsWith('text/html')
    expect([path, isPage ? headers['content-security-policy'] : 'no page']).toEqual([
      path,
      isPage ? expect.stringContaining("default-src 'self'") : 'no page',
    ])
  }
})

test('a sign-in that is endless, foreign or by another path is refused before it counts', async ({
  request,
}) => {
  const { url, users } = credentials()
  const { email, password } = users.viewer
  const guess = (path: string, headers: Record<string, string> = {}) =>
    request.post(`${url}/api/auth/${path}`, { form: { email, password: 'guess', json: 'true' }, headers })
  const signIn = 'callback/credentials'
  for (let time = 0; time < 12; time++) {
    expect((await guess(signIn)).status()).toBe(403)
    expect((await guess(signIn, { origin: 'https://elsewhere.example' })).status()).toBe(403)
    expect((await guess(`${signIn}/x`)).status()).toBe(404)
  }
  const { status, sent } = await sendEndlessly(`/api/auth/${signIn}`)
  expect(status).toMatch(/^HTTP\/1\.1 413 /)
  expect(sent).toBeLessThan(20_000_000)
  const { csrfToken } = await (await request.get(`${url}/api/auth/csrf`)).json()
  const right = await request.post(`${url}/api/auth/${signIn}`, {
    form: { email, password, csrfToken, json: 'true' },
  })
  expect(right.status()).toBe(200)
  expect((await (await request.get(`${url}/api/auth/session`)).json()).account).toMatchObject({ email })
})

/** Sends a chunked body until it is refused. @returns the answer's first line, and how many bytes were taken by then */
async function sendEndlessly(path: string): Promise<{ status: string; sent: number }> {
  const { hostname, port, host } = new URL(credentials().url)
  const socket = connect(Number(port), hostname)
  const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
  let sent = 0
  let answer = ''
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n`,
  )
  await new Promise<void>((resolve) => {
    const write = () => {
      while (answer === '' && sent < 200_000_000 && socket.write(chunk)) sent += chunk.length
    }
    socket
      .on('drain', write)
      .on('error', () => resolve())
      .on('close', () => resolve())
    socket.on('data', (data) => {
      answer += data
      socket.destroy()
    })
    write()
  })
  return { status: answer.split('\r\n', 1)[0] ?? '', sent }
}

test('whose address it is only a proxy may say: to name another gives nobody more guesses', async ({
  request,
}) => {
  const { url } = credentials()
  const email = `${randomBytes(8).toString('hex')}@shop.example`
  const { csrfToken } = await (await request.get(`${url}/api/auth/csrf`)).json()
  const guess = async (address: number) => {
    const headers = { 'x-forwarded-for': `192.0.2.${address}`, 'x-holdfast-address': `198.51.100.${address}` }
    const form = { csrfToken, email, password: 'guess', json: 'true' }
    return (await request.post(`${url}/api/auth/callback/credentials`, { form, headers })).status()
  }
  const answers: number[] = []
  for (let address = 0; address < 12; address++) answers.push(await guess(address))
  expect(answers).toEqual([...Array(10).fill(401), 429, 429])
})

test('started by root, nothing that answers requests is root’s', () => {
  const folder = dataDir()
  const { uid } = statSync(folder)
  test.skip(uid === 0, 'Nobody but root can read this copy of Holdfast, or this run is not root’s.')
  for (const script of ['scripts/web.ts', 'scripts/worker.ts'])
    expect(statSync(`/proc/${findProcess(folder, script)}`).uid, script).toBe(uid)
})

test('what is not HTTP gets a 400 and a closed connection', async () => {
  const { hostname, port } = new URL(credentials().url)
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write('\x16\x03\x01 hello\r\n\r\n'))
    let text = ''
    socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*problem\+json/)
})

async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const { url, project } = credentials()
  // Node's fetch normalises methods, paths and headers: hostile ones need the plain client.
  const { request } = await import('node:http')
  return new Promise<{ status: number; type: string }>((resolve, reject) => {
    const target = new URL(url)
    const sent = request(
      {
        host: target.hostname,
        port: target.port,
        method,
        path,
        headers: {
          authorization: `Bearer ${project.secretKey}`,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        response.resume()
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' }),
        )
      },
    )
    // A refused body may be cut off while it is sent; the answer has come by then.
    sent.on('error', reject)
    sent.end(body)
  })
}
