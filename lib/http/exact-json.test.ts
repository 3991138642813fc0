import { describe, expect, it } from 'vitest'
import { parseExactly } from '@/lib/http/exact-json'

describe('parseExactly', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '9007199254740993.0',
    '9.007199254740993e15',
    '900719925474099.3e1',
    '1e400',
    '-1e999999999',
    '1e-400',
  ])('does not round %s', (literal) => {
    expect(parseExactly(`{"a": [${literal}, 1]}`)).toEqual({ a: [0n, 1] })
    expect(parseExactly(`{"a":${literal}}`)).toEqual({ a: 0n })
  })

  it.each([
    '9007199254740991',
    '9007199254740992',
    '-9007199254740992',
    '1e21',
    '1.5E+300',
    '1e23',
    '123e20',
    '0e999',
    '0.0',
    '3.14159265358979323846',
    '1000000000000000000000',
    '123456789012.5e1',
    '-0',
  ])('reads %s as JSON does', (literal) => {
    expect(parseExactly(`{"a":${literal}}`)).toEqual({ a: Number(literal) })
  })

  it('leaves texts alone', () => {
    const value = { a: '9007199254740993', 'b 1e400': 'x\\":9007199254740993,', c: [':1e999'] }
    expect(parseExactly(JSON.stringify(value))).toEqual(value)
  })

  // Not in minutes, which is how long one that reads them again and again would take.
  it('comes to an end with texts made to be slow', () => {
    for (const text of [
      `{"a":1e5,"b":"${'\\"'.repeat(500_000)}`,
      `{"a":${'1'.repeat(1_000_000)}`,
      `[${' 1e'.repeat(300_000)}`,
    ])
      expect(() => parseExactly(text)).toThrow(SyntaxError)
    parseExactly(`{"a":10000000000000000.${'0'.repeat(1_000_000)}1,"b":1${'0'.repeat(900_000)}1}`)
    parseExactly(`{"a":1e5,"b":"${'\\"'.repeat(400_000)}","c":[${'9007199254740993,'.repeat(50_000)}1]}`)
  })

  it('takes nothing that is not JSON', () => {
    for (const text of ['{"a":9007199254740993', '{"a":01234567890123456789}', '{"a":1e}', ''])
      expect(() => parseExactly(text), text).toThrow(SyntaxError)
  })
})
