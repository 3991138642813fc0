import { expect, it } from 'vitest'
import { addressOf } from './client-address'

it('is the address of the connection, whatever a client says', () => {
  expect(addressOf('192.0.2.1', '198.51.100.7', false)).toBe('192.0.2.1')
  expect(addressOf('::ffff:192.0.2.1', undefined, false)).toBe('192.0.2.1')
  expect(addressOf(undefined, undefined, false)).toBe('unknown')
})

it('is what a proxy that may be believed added last', () => {
  expect(addressOf('127.0.0.1', '203.0.113.9, 198.51.100.7', true)).toBe('198.51.100.7')
  expect(addressOf('127.0.0.1', undefined, true)).toBe('127.0.0.1')
  expect(addressOf('127.0.0.1', '', true)).toBe('127.0.0.1')
  expect(addressOf('127.0.0.1', '198.51.100.7:51432', true)).toBe('198.51.100.7')
  expect(addressOf('127.0.0.1', '[2001:db8::1]:51432', true)).toBe('2001:db8:0:0')
  expect(addressOf('127.0.0.1', 'unknown', true)).toBe('127.0.0.1')
})

it('takes all of an IPv6 network for one', () => {
  const network = addressOf('2001:db8::1', undefined, false)
  expect(network).toBe('2001:db8:0:0')
  for (const same of ['2001:db8::ffff:1', '2001:0db8:0000:0000:1:2:3:4', '2001:DB8::'])
    expect(addressOf(same, undefined, false)).toBe(network)
  expect(addressOf('2001:db8:0:1::1', undefined, false)).not.toBe(network)
  expect(addressOf('::1', undefined, false)).toBe('0:0:0:0')
  expect(addressOf('fe80::1%eth0', undefined, false)).toBe('fe80:0:0:0')
})
