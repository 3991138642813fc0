import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { call, credentials } from '@/e2e/fixtures/product'
import { Session } from '@/scripts/test/session'

const BASE = '/api/analytics/user/events'

test('10,000 records sent twice, at once, in shuffled batches are counted once', async () => {
  const name = `twice-${randomUUID()}`
  const records = Array.from({ length: 10_000 }, (_, index) => ({
    kind: 'event',
    id: randomUUID(),
    userId: `user-${index % 997}`,
    name,
    occurredAt: new Date(Date.now() - 1_000 - index * 150_000).toISOString(),
  }))
  const batches = [records, [...records].reverse()].flatMap((all) => {
    const shuffled = all.map((record) => ({ record, at: Math.random() })).sort((a, b) => a.at - b.at)
    return Array.from({ length: 25 }, (_, part) =>
      shuffled.slice(part * 400, part * 400 + 400).map(({ record }) => record),
    )
  })
  const receipts: { accepted: number; duplicates: number }[] = []
  const queue = [...batches]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let part = queue.shift(); part; part = queue.shift()) {
        const { status, body } = await call('POST', `${BASE}/batch`, {
          body: { sentAt: new Date().toISOString(), records: part },
        })
        expect(status).toBe(202)
        receipts.push(body as (typeof receipts)[number])
      }
    }),
  )
  const sum = (field: 'accepted' | 'duplicates') =>
    receipts.reduce((total, receipt) => total + receipt[field], 0)
  expect([sum('accepted'), sum('duplicates')]).toEqual([10_000, 10_000])
  const { body } = await call('GET', `${BASE}/analytics?from=-30d&name=${name}`)
  expect(body.totals).toMatchObject({ events: 10_000, users: 997 })
})

test('a browser of an allowed origin posts with fetch and with sendBeacon, one of another origin does not', async ({
  page,
}) => {
  const { url, project } = credentials()
  const name = `origin-${randomUUID()}`
  // A real server: Chromium lets no page that it does not know to be local reach this machine.
  const app = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>an app</p>'),
  )
  await new Promise<void>((resolve) => app.listen(0, '::', resolve))
  const { port } = app.address() as AddressInfo
  const post = async (host: string, how: 'fetch' | 'beacon') => {
    await page.goto(`http://${host}:${port}/`)
    return page.evaluate(
      async ({ url, key, name, how }) => {
        const body = { userId: 'u', name }
        if (how === 'beacon') return navigator.sendBeacon(url, JSON.stringify({ ...body, writeKey: key }))
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).catch(
          () => null,
        )
        return response && { status: response.status, body: await response.json() }
      },
      { url: `${url}${BASE}/track`, key: project.writeKey, name, how },
    )
  }
  // Headless Chromium names itself a bot, and its events are dropped: counted in the answer all the same.
  expect(await post('localhost', 'fetch')).toMatchObject({ status: 202, body: { dropped: 1 } })
  const beacon = page.waitForResponse((response) => response.url().endsWith('/track'))
  expect(await post('127.0.0.1', 'beacon')).toBe(true)
  expect((await beacon).status()).toBe(202)
  expect(await post('[::1]', 'fetch')).toMatchObject({ status: 403 })
  app.closeAllConnections()
  app.close()
})

test('a page that traces its requests, and an app with a scheme of its own, may record', async () => {
  const { url } = credentials()
  const preflight = await fetch(`${url}${BASE}/track`, {
    method: 'OPTIONS',
    headers: {
      origin: 'capacitor://localhost',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,baggage,content-type,sentry-trace,traceparent',
    },
  })
  expect(preflight.headers.get('access-control-allow-headers')).toBe(
    'authorization,baggage,content-type,sentry-trace,traceparent',
  )
  const admin = await Session.signIn(credentials(), 'admin')
  const allowedOrigins = ['capacitor://localhost', 'file://', 'null']
  const name = `App ${randomUUID()}`
  const made = await admin.request('POST', '/api/access/projects', { name, allowedOrigins })
  expect(made.status).toBe(201)
  const { id } = made.body.project as { id: string }
  const { body } = await admin.request('POST', '/api/access/keys', {
    project: id,
    kind: 'write',
    name: 'app',
  })
  for (const [origin, status] of [
    ...allowedOrigins.map((origin) => [origin, 202] as const),
    ['ionic://localhost', 403] as const,
  ]) {
    const response = await fetch(`${url}${BASE}/track`, {
      method: 'POST',
      headers: {
        ...{ origin, authorization: `Bearer ${body.secret}`, 'content-type': 'application/json' },
        'content-encoding': 'gzip',
      },
      body: gzipSync(JSON.stringify({ userId: 'u', name: 'from an app' })),
    })
    expect([origin, response.status]).toEqual([origin, status])
  }
  const gone = await admin.request('DELETE', `/api/access/projects/${id}?confirm=${encodeURIComponent(name)}`)
  expect(gone).toMatchObject({ status: 200, body: { deleted: { user_events: 3 } } })
})

test('users whose ids mean other places in an address are read and deleted as all others', async () => {
  for (const userId of ['.', '..']) {
    await call('POST', `${BASE}/track`, { body: { userId, name: 'dots' } })
    const path = `/api/analytics/user/users/~${userId}`
    expect((await call('GET', path)).body).toMatchObject({ userId, records: { event: 1 } })
    const admin = await Session.signIn(credentials(), 'admin')
    const { project } = credentials()
    expect(await admin.request('DELETE', `${path}?project=${project.id}`)).toMatchObject({
      status: 200,
      body: { userId, deleted: { user_events: 1 } },
    })
    expect((await call('GET', path)).status).toBe(404)
  }
})

test('the OpenAPI document lists every path, and each exists', async () => {
  const { body } = await call('GET', '/api/openapi.json')
  const paths = Object.entries(body.paths as Record<string, Record<string, unknown>>)
  expect(paths.length).toBeGreaterThanOrEqual(9)
  for (const [path, methods] of paths) {
    for (const method of Object.keys(methods)) {
      const { status, body } = await call(
        method.toUpperCase(),
        path.replace(/\{\w+\}/g, randomUUID()),
        method === 'post' || method === 'patch' ? { body: {} } : {},
      )
      // A thing of this random name is not there; the path is.
      expect(status, `${method} ${path}`).not.toBe(405)
      expect(body?.detail ?? '', `${method} ${path}`).not.toMatch(/no such path/)
    }
  }
})

test('the API answers in the words of the design', async () => {
  const sent = { type: 'click', name: `words-${randomUUID()}`, userId: 'u', sessionId: 's', durationMs: 10 }
  await call('POST', `${BASE}/track`, { body: sent })
  const list = await call('GET', `${BASE}?name=${sent.name}`)
  expect(list.body).toMatchObject({ items: [{ ...sent, properties: {} }], nextCursor: null })
  const { body } = await call(
    'GET',
    `${BASE}/analytics?name=${sent.name}&breakdown=device&compare=previous&from=-2d`,
  )
  expect(body.totals).toEqual({ events: 1, users: 1, sessions: 1, averageDurationMs: 10 })
  expect(body.top).toEqual([{ name: sent.name, type: 'click', events: 1, users: 1 }])
  expect(body.breakdown).toEqual([{ value: null, events: 1, users: 1 }])
  expect(Object.keys(body)).toEqual(
    expect.arrayContaining(['from', 'to', 'timezone', 'asOf', 'interval', 'series', 'previous']),
  )
})
