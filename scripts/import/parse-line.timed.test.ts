import { describe, expect, it } from 'vitest'
import { expectTook } from '@/scripts/test/measured'
import { parseLine } from './parse-line'

const line = (
  parts: Partial<Record<'address' | 'user' | 'time' | 'request' | 'rest' | 'referrer' | 'agent', string>>,
) => {
  const { address = '203.0.113.7', user = '-', time = '17/May/2015:10:05:03 +0000', ...more } = parts
  const { request = 'GET /a?b=c HTTP/1.1', rest = '200 512', referrer = '-', agent = 'Mozilla/5.0' } = more
  return `${address} - ${user} [${time}] "${request}" ${rest} "${referrer}" "${agent}"`
}

describe('parseLine', () => {
  it('reads every field', () => {
    expect(parseLine(line({ referrer: 'https://example.org/' }))).toEqual({
      address: '203.0.113.7',
      at: Date.UTC(2015, 4, 17, 10, 5, 3),
      occurredAt: '2015-05-17T10:05:03+00:00',
      method: 'GET',
      target: '/a?b=c',
      status: 200,
      bytes: 512,
      referrer: 'https://example.org/',
      agent: 'Mozilla/5.0',
      hasAgent: true,
    })
  })

  it('keeps the offset of the log and knows the time in UTC', () => {
    const parsed = parseLine(line({ time: '01/Jan/2020:00:30:00 -0730' }))
    expect(parsed?.occurredAt).toBe('2020-01-01T00:30:00-07:30')
    expect(parsed?.at).toBe(Date.UTC(2020, 0, 1, 8, 0, 0))
  })

  it.each([
    ['IPv6', { address: '2001:db8::1' }, { address: '2001:db8::1' }],
    ['a host name', { address: 'client.example.org' }, { address: 'client.example.org' }],
    ['a user with spaces', { user: 'Ann Example [x]' }, { status: 200 }],
    ['a 304 without bytes', { rest: '304 -' }, { status: 304, bytes: 0 }],
    ['escaped quotes in the agent', { agent: 'A \\"B\\" \\\\ C' }, { agent: 'A "B" \\ C' }],
    ['an escaped character of two bytes', { agent: 'caf\\xc3\\xa9' }, { agent: 'café' }],
    ['escaped quotes in the path', { request: 'GET /\\"x\\" HTTP/1.1' }, { target: '/"x"' }],
    ['a path with spaces', { request: 'GET /a b HTTP/1.1' }, { method: 'GET', target: '/a b' }],
    ['HTTP/0.9', { request: 'GET /' }, { method: 'GET', target: '/' }],
    ['HTTP/2', { request: 'GET / HTTP/2' }, { method: 'GET', target: '/' }],
    ['no request', { request: '-', rest: '408 -' }, { method: '-', target: '', status: 408 }],
    ['an empty request', { request: '', rest: '400 0' }, { method: '', target: '' }],
    ['TLS sent to HTTP', { request: '\\x16\\x03\\x01', rest: '400 0' }, { status: 400 }],
    ['a leap second', { time: '31/Dec/2016:23:59:60 +0000' }, { occurredAt: '2016-12-31T23:59:59+00:00' }],
    ['29 February in a leap year', { time: '29/Feb/2016:00:00:00 +0000' }, { at: Date.UTC(2016, 1, 29) }],
    ['an empty agent', { agent: '' }, { agent: '' }],
  ])('reads %s', (_what, parts, expected) => {
    expect(parseLine(line(parts))).toMatchObject(expected)
  })

  it.each([
    ['nothing', ''],
    ['an agent without its end', line({}).slice(0, -1)],
    ['an unescaped quote', line({ agent: 'a " b' })],
    ['the Common Log Format', '203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5'],
    ['30 February', line({ time: '30/Feb/2015:10:05:03 +0000' })],
    ['29 February in no leap year', line({ time: '29/Feb/2015:10:05:03 +0000' })],
    ['hour 24', line({ time: '17/May/2015:24:05:03 +0000' })],
    ['a month that is none', line({ time: '17/Mai/2015:10:05:03 +0000' })],
    ['an impossible offset', line({ time: '17/May/2015:10:05:03 +9900' })],
    ['no offset', line({ time: '17/May/2015:10:05:03' })],
    ['a status that is none', line({ rest: '20 5' })],
    ['negative bytes', line({ rest: '200 -5' })],
    ['a virtual host before it', `www.shop.example:443 ${line({})}`],
  ])('refuses %s', (_what, text) => {
    expect(parseLine(text)).toBeNull()
  })

  it('is quick on lines made to be slow', () => {
    const start = performance.now()
    parseLine(`a - ${' ['.repeat(30_000)}`)
    parseLine(line({ agent: '\\"'.repeat(30_000) }).slice(0, -1))
    expectTook('lines made to be slow', performance.now() - start, 500)
  })
})
