import { expect, it } from 'vitest'
import { originAllowed, sameOrigin } from './origins'

process.env.DATABASE_URL ??= 'postgres://nobody@localhost/none'
process.env.NEXTAUTH_SECRET ??= 'a secret of the tests alone'
process.env.NEXTAUTH_URL = 'https://people.example/holdfast/api/auth'

it.each([
  ['https://shop.example', ['https://shop.example'], true],
  ['https://shop.example', ['http://shop.example'], false],
  ['https://shop.example:8443', ['https://shop.example'], false],
  ['https://shop.example.evil.example', ['https://shop.example'], false],
  ['https://a.shop.example', ['https://*.shop.example'], true],
  ['https://b.a.shop.example', ['https://*.shop.example'], true],
  ['https://shop.example', ['https://*.shop.example'], false],
  ['https://.shop.example', ['https://*.shop.example'], false],
  ['https://evilshop.example', ['https://*.shop.example'], false],
  ['https://a.shopXexample', ['https://*.shop.example'], false],
  ['https://a.shop.example.evil.example', ['https://*.shop.example'], false],
  ['http://localhost:5173', ['http://localhost:*'], true],
  ['http://localhost', ['http://localhost:*'], true],
  ['http://localhost:x', ['http://localhost:*'], false],
  ['http://localhost.evil.example:1', ['http://localhost:*'], false],
  ['https://a.shop.example:8443', ['https://*.shop.example:*'], true],
  ['null', ['*'], true],
  ['https://shop.example', [], false],
])('%s is allowed by %j: %s', (origin, allowed, expected) => {
  expect(originAllowed(origin, allowed)).toBe(expected)
})

it('takes a request for one of our own pages only if a browser says so, or no browser sent it', () => {
  const from = (headers: Record<string, string>) =>
    sameOrigin(new Headers({ host: 'holdfast.example', ...headers }))
  expect(from({})).toBe(true)
  expect(from({ origin: 'https://holdfast.example' })).toBe(true)
  expect(from({ 'sec-fetch-site': 'same-origin', origin: 'https://holdfast.example' })).toBe(true)
  // A proxy that asks by its own name for us.
  expect(from({ origin: 'https://people.example' })).toBe(true)
  expect(from({ origin: 'http://people.example' })).toBe(false)
  expect(from({ origin: 'https://elsewhere.example' })).toBe(false)
  expect(from({ origin: 'null' })).toBe(false)
  for (const site of ['cross-site', 'same-site'])
    expect(from({ 'sec-fetch-site': site, origin: 'https://holdfast.example' })).toBe(false)
})
