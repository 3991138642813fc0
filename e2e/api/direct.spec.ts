import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { credentials } from '@/e2e/fixtures/product'
import { contracts } from '@/lib/contracts'

/**
 * What records is answered without Next.js, unless its address has a `?`: then by Next.js. It is one handler, and nobody can tell
 * which way they came, but by the time it took.
 */

const BASE = '/api/analytics/user'
const recording = contracts.filter(({ access, method }) => access === 'record' && method === 'POST')

interface Asked {
  why: string
  path?: string
  method?: string
  body?: string | Buffer
  headers?: Record<string, string>
}

interface Answer {
  status: string
  headers: [string, string][]
  body: string
}

function send({ method = 'POST', path, body, headers }: Asked & { path: string }): Promise<Answer> {
  const { url, project } = credentials()
  // A connection for each: some have not sent all when they are answered.
  const agent = new Agent({ keepAlive: true })
  return new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const asked = request({
      hostname,
      port,
      // As it stands: a URL would leave an empty `?` out.
      path,
      agent,
      method,
      headers: {
        authorization: `Bearer ${project.secretKey}`,
        'content-type': 'application/json',
        'user-agent': 'shop/1.0',
        ...headers,
      },
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part) => (text += part))
      answer.on('end', () =>
        resolve({
          status: `${answer.httpVersion} ${answer.statusCode} ${answer.statusMessage}`,
          headers: pairs(answer.rawHeaders),
          body: text.replace(/"asOf":"[^"]+"/, '"asOf":"…"'),
        }),
      )
    })
    asked.end(body)
  }).finally(() => agent.destroy())
}

/** In the order in which they came; those that no two answers have in common without their values. */
function pairs(raw: string[]): [string, string][] {
  const own = ['date', 'x-request-id', 'retry-after']
  return raw.flatMap((name, index) =>
    index % 2 === 0
      ? [[name, own.includes(name.toLowerCase()) ? '…' : (raw[index + 1] ?? '')] as [string, string]]
      : [],
  )
}

const id = randomUUID()
const click = { userId: 'direct', type: 'click', name: 'by either way' }
const json = (value: unknown) => JSON.stringify(value)

const asked: Asked[] = [
  { why: 'a record', body: json(click) },
  { why: 'one that was there', body: json({ ...click, id, occurredAt: '2026-01-01T00:00:00Z' }) },
  { why: 'from another origin', body: json(click), headers: { origin: 'http://localhost:4000' } },
  { why: 'from one that is not allowed', body: json(click), headers: { origin: 'https://evil.example' } },
  { why: 'as text', body: json(click), headers: { 'content-type': 'text/plain;charset=UTF-8' } },
  { why: 'packed', body: gzipSync(json(click)), headers: { 'content-encoding': 'gzip' } },
  { why: 'packed otherwise', body: 'x', headers: { 'content-encoding': 'zstd' } },
  { why: 'not packed as it says', body: json(click), headers: { 'content-encoding': 'br' } },
  { why: 'to be packed', body: json(click), headers: { 'accept-encoding': 'gzip, br' } },
  {
    why: 'much to be packed',
    body: json({ records: Array(200).fill({ kind: 'event', userId: 1 }) }),
    headers: { 'accept-encoding': 'gzip' },
  },
  { why: 'in parts', body: json(click), headers: { 'transfer-encoding': 'chunked' } },
  { why: 'too large', body: 'x'.repeat(1_100_000) },
  { why: 'too large, in parts', body: 'x'.repeat(1_100_000), headers: { 'transfer-encoding': 'chunked' } },
  { why: 'no body', body: '' },
  { why: 'broken', body: '{"userId"' },
  { why: 'not UTF-8', body: Buffer.from([0x7b, 0xff, 0x7d]) },
  { why: 'no object', body: '[]' },
  { why: 'a prototype', body: '{"__proto__":{}}' },
  { why: 'fields that are wrong', body: json({ userId: 1, type: '', properties: [] }) },
  {
    why: 'a number that is no number of ours',
    body: '{"userId":"u","type":"t","properties":{"a":9007199254740993}}',
  },
  { why: 'another type', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { why: 'no key', body: json(click), headers: { authorization: '' } },
  { why: 'a key that is none', body: json(click), headers: { authorization: 'Bearer wk_none' } },
  { why: 'with what Next.js has its actions by', body: json(click), headers: { 'next-action': 'x' } },
  { why: 'as if it had been handled', body: json(click), headers: { 'x-middleware-subrequest': 'proxy' } },
  { why: 'a bot', body: json(click), headers: { 'user-agent': 'Googlebot/2.1', authorization: 'Bearer wk' } },
]

for (const { path, id: name } of recording) {
  test(`${name} answers the same by either way`, async () => {
    for (const one of asked) {
      const question = { path, ...one }
      // Loaded by the first, if nobody has asked before; a repeat is one for both.
      await send({ ...question, path: `${question.path}?` })
      const [byNext, directly] = [
        await send({ ...question, path: `${question.path}?` }),
        await send(question),
      ]
      expect(directly, one.why).toEqual(byNext)
    }
  })
}

test('other methods and addresses go through Next.js as before', async () => {
  const status = async (method: string, path: string) =>
    Number((await send({ why: '', method, path })).status.split(' ')[1])
  expect(await status('GET', `${BASE}/events/track`)).toBe(405)
  expect(await status('OPTIONS', `${BASE}/events/track`)).toBe(204)
  expect(await status('POST', `${BASE}/events/track/`)).toBe(308)
  expect(await status('POST', `${BASE}/events/%74rack`)).toBe(404)
})
