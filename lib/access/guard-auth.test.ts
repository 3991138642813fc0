import { createHash, randomUUID } from 'node:crypto'
import { NextRequest } from 'next/server'
import { beforeEach, expect, it } from 'vitest'
import { SLOWER_MS } from '@/lib/access/attempts'
import { guardAuth } from '@/lib/access/guard-auth'
import { ADDRESS_HEADER } from '@/lib/http/client-address'

const SECRET = 'a secret for tests only'
const TOKEN = 'a token'
const SIGN_IN = 'callback/credentials'
const RIGHT = 'the right password'
/** There is nobody to look at it. */
const NOBODY_KNOWS = 'a password in an outage'
/** It is right, and its account has a second factor. */
const CODE_WANTED = 'a password to a code'

process.env.DATABASE_URL ??= 'postgres://nobody@localhost/none'
process.env.NEXTAUTH_SECRET = SECRET

/** Accounts and passwords that were looked at. */
let looked: string[] = []
beforeEach(() => {
  looked = []
})

/** What stands behind the guard: a session's cookie for the right password. */
async function next(request: NextRequest): Promise<Response> {
  const fields = new URLSearchParams(await request.text())
  const password = fields.get('password') ?? ''
  if (password === NOBODY_KNOWS)
    return Response.json({ url: 'http://localhost:3000/sign-in?error=Unavailable' }, { status: 401 })
  if (password === CODE_WANTED)
    return Response.json({ url: 'http://localhost:3000/sign-in?error=CodeWanted' }, { status: 401 })
  looked.push(`${fields.get('email')} ${password}`)
  const headers: HeadersInit = password === RIGHT ? { 'set-cookie': 'next-auth.session-token=x; Path=/' } : {}
  return Response.json({}, { headers })
}

interface Sent {
  email?: string
  password?: string
  from?: string
  token?: string | null
  headers?: Record<string, string>
  path?: string
  body?: BodyInit
}

function send({ email = 'a@b', password = 'guess', from = '192.0.2.1', token = TOKEN, ...sent }: Sent) {
  const signature = createHash('sha256').update(`${TOKEN}${SECRET}`).digest('hex')
  const path = sent.path ?? SIGN_IN
  const request = new NextRequest(`http://localhost:3000/api/auth/${path}`, {
    method: 'POST',
    headers: {
      host: 'localhost:3000',
      'content-type': 'application/x-www-form-urlencoded',
      cookie: `next-auth.csrf-token=${encodeURIComponent(`${TOKEN}|${signature}`)}`,
      [ADDRESS_HEADER]: from,
      ...sent.headers,
    },
    body: sent.body ?? new URLSearchParams({ email, password, ...(token !== null && { csrfToken: token }) }),
    duplex: 'half',
  })
  return guardAuth(request, path, next)
}

const status = async (sent: Sent) => (await send(sent)).status
const repeat = (times: number, sent: () => Sent) =>
  Promise.all(Array.from({ length: times }, () => status(sent())))
/** Of its own, so that no test is limited by another. */
const newAccount = () => `${randomUUID()}@shop.example`
let addresses = 0
const newAddress = () => `198.51.100.${addresses++}`

it('reaches next-auth by its own paths, and by no others', async () => {
  expect(await status({ from: newAddress() })).toBe(200)
  for (const path of [
    `${SIGN_IN}/x`,
    'callback/other',
    'signin',
    'signin/credentials',
    '_log',
    'session',
    'error',
    '',
  ])
    expect([path, await status({ path })]).toEqual([path, 404])
  for (const path of ['csrf', 'session', 'providers', 'signin', 'signout', 'error', 'callback/credentials']) {
    const request = new NextRequest(`http://localhost:3000/api/auth/${path}`)
    const answer = await guardAuth(request, path, async () => new Response('next-auth'))
    expect([path, answer.status]).toEqual([path, ['csrf', 'session', 'providers'].includes(path) ? 200 : 404])
  }
})

it('counts nothing that another site, or nobody’s form, sends', async () => {
  const [email, from] = [newAccount(), newAddress()]
  const foreign: Sent[] = [
    { headers: { origin: 'https://elsewhere.example' } },
    { headers: { 'sec-fetch-site': 'cross-site' } },
    { token: null },
    { token: 'another' },
    { headers: { cookie: '' } },
    { headers: { cookie: `next-auth.csrf-token=${TOKEN}%7C0000` } },
  ]
  for (const one of foreign)
    expect(await repeat(15, () => ({ email, from, ...one }))).toEqual(Array(15).fill(403))
  expect(looked).toEqual([])
  expect(await status({ email, from, password: RIGHT })).toBe(200)
})

it('reads no more of a body than a sign-in has', async () => {
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1_000
      controller.enqueue(new Uint8Array(1_000).fill(97))
    },
  })
  expect(await status({ body: endless })).toBe(413)
  expect(sent).toBeLessThan(100_000)
  const declared = { 'content-length': String(200_000_000) }
  expect(await status({ body: 'a', headers: declared })).toBe(413)
  expect(await status({ body: '{', headers: { 'content-type': 'application/json' } })).toBe(400)
})

it('looks at ten of forty guesses that are made at once, and keeps nobody out elsewhere', async () => {
  const [email, from] = [newAccount(), newAddress()]
  const answers = await repeat(40, () => ({ email, from }))
  expect(answers.filter((one) => one === 200)).toHaveLength(10)
  expect(answers.filter((one) => one === 429)).toHaveLength(30)
  expect(looked).toHaveLength(10)
  const refused = await send({ email, from, password: RIGHT })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await refused.json()).url).toMatch(/error=TooManyAttempts/)
  expect(await status({ email, from: newAddress(), password: RIGHT })).toBe(200)
})

it('answers slower, and never refuses, where an account is tried from many addresses', async () => {
  const email = newAccount()
  for (let address = 0; address < 5; address++)
    await repeat(6, () => ({ email, from: `203.0.113.${address}` }))
  expect(looked).toHaveLength(30)
  const begun = performance.now()
  expect(await status({ email, from: newAddress(), password: RIGHT })).toBe(200)
  expect(performance.now() - begun).toBeGreaterThan(SLOWER_MS * 0.9)
})

it('a flood of accounts that nobody has keeps nobody else out, and pushes no count away', async () => {
  const [email, from, flooding] = [newAccount(), newAddress(), newAddress()]
  await repeat(12, () => ({ email, from }))
  const answers = await repeat(10_100, () => ({ email: newAccount(), from: flooding }))
  expect(answers.filter((one) => one === 200).length).toBeLessThanOrEqual(60)
  expect(await status({ email, from })).toBe(429)
  expect(await status({ email: newAccount(), from: newAddress(), password: RIGHT })).toBe(200)
})

it('next-auth reads what was counted, and nothing that it might read otherwise', async () => {
  const [victim, from] = [newAccount(), newAddress()]
  const twofold = (type: string) => ({
    from,
    headers: { 'content-type': type },
    body: JSON.stringify({
      csrfToken: TOKEN,
      email: 'decoy@shop.example',
      password: 'guess',
      z: `&csrfToken=${TOKEN}&email=${victim}&password=guess&y=`,
    }),
  })
  await status(twofold('application/x-www-form-urlencoded; charset=json'))
  await status(twofold('application/json; charset=application/x-www-form-urlencoded'))
  await status({ from, body: `csrfToken=${TOKEN}&email=decoy@shop.example&email=${victim}&password=guess` })
  expect(looked.filter((one) => one.startsWith('decoy'))).toHaveLength(1)
  // The first is a form, whatever its charset is called; and of a name that is given twice the last one counts, for both.
  expect(looked.filter((one) => one.startsWith(victim))).toHaveLength(2)
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'text/json'])
    expect(await status({ from, headers: { 'content-type': type } })).toBe(415)
})

it('no account’s name counts against another, or against an address', async () => {
  const [email, from, other] = [newAccount(), newAddress(), newAddress()]
  for (const name of [
    `verify ${email}`,
    `${other} ${email}`,
    `both ${other} ${email}`,
    other,
    `address ${other}`,
  ])
    for (const one of [from, newAddress()]) await repeat(10, () => ({ email: name, from: one }))
  expect(await repeat(10, () => ({ email, from: other }))).toEqual(Array(10).fill(200))
})

it('what nobody could check counts for nothing', async () => {
  const [email, from] = [newAccount(), newAddress()]
  for (let time = 0; time < 30; time++)
    expect(await status({ email, from, password: NOBODY_KNOWS })).toBe(401)
  expect(await status({ email, from, password: RIGHT })).toBe(200)
})

it('a right password costs no attempt while its code is still to come', async () => {
  const [email, from] = [newAccount(), newAddress()]
  for (let time = 0; time < 30; time++) expect(await status({ email, from, password: CODE_WANTED })).toBe(401)
  expect(await status({ email, from, password: RIGHT })).toBe(200)
})

it('a right password costs no attempt', async () => {
  const [email, from] = [newAccount(), newAddress()]
  for (let time = 0; time < 60; time++) expect(await status({ email, from, password: RIGHT })).toBe(200)
})

it('stays on the host that it was asked by, and lets the issuer’s be', async () => {
  const answers: Record<string, () => Response> = {
    ours: () =>
      new Response(null, { status: 302, headers: { location: 'http://localhost:3000/sign-in?a=b' } }),
    issuers: () => new Response(null, { status: 302, headers: { location: 'https://issuer.example/x' } }),
    json: () => Response.json({ url: 'http://localhost:3000/overview' }),
    others: () =>
      new Response(null, { status: 302, headers: { location: 'http://localhost:3000//evil.example' } }),
  }
  const ask = (kind: string, host = 'lan.example:3000', origin = 'http://lan.example:3000') =>
    guardAuth(
      new NextRequest('http://localhost:3000/api/auth/csrf', { headers: { host, origin } }),
      'csrf',
      async () => (answers[kind] as () => Response)(),
    )
  expect((await ask('ours')).headers.get('location')).toBe('/sign-in?a=b')
  expect((await ask('issuers')).headers.get('location')).toBe('https://issuer.example/x')
  expect((await ask('others')).headers.get('location')).toBe('/evil.example')
  expect(await (await ask('json')).json()).toEqual({ url: 'http://lan.example:3000/overview' })
  expect(await (await ask('json', 'shop.example', 'https://shop.example')).json()).toEqual({
    url: 'https://shop.example/overview',
  })
})
