import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readBody } from '@/lib/http/body'

const LIMIT = 1_000

function post(body: Uint8Array | string, encoding?: string): Request {
  return new Request('http://holdfast.example', {
    method: 'POST',
    body: body as BodyInit,
    headers: { 'content-type': 'application/json', ...(encoding && { 'content-encoding': encoding }) },
  })
}
const refused = (request: Request) => readBody(request, LIMIT).catch(({ status }) => status)

describe('readBody', () => {
  const json = JSON.stringify({ name: 'café' })

  it.each([
    ['gzip', gzipSync(json)],
    ['GZIP', gzipSync(json)],
    ['x-gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['deflate', deflateRawSync(json)],
    ['br', brotliCompressSync(json)],
    ['identity', Buffer.from(json)],
  ])('unpacks %s', async (encoding, body) => {
    expect(await readBody(post(body, encoding), LIMIT)).toEqual({ name: 'café' })
  })

  it('refuses what it cannot unpack', async () => {
    expect(await refused(post(json, 'zstd'))).toBe(415)
    expect(await refused(post(gzipSync(json), 'gzip, gzip'))).toBe(415)
    expect(await refused(post(json, 'gzip'))).toBe(400)
    expect(await refused(post(gzipSync(json).subarray(0, 20), 'gzip'))).toBe(400)
  })

  it('unpacks no more than the limit', async () => {
    const bomb = JSON.stringify({ name: 'x'.repeat(100_000) })
    expect(await refused(post(gzipSync(bomb), 'gzip'))).toBe(413)
    expect(await refused(post(deflateSync(bomb), 'deflate'))).toBe(413)
    expect(await refused(post(brotliCompressSync(bomb), 'br'))).toBe(413)
    expect(gzipSync(bomb).length).toBeLessThan(LIMIT)
  })

  it('keeps no number that it would have to change', async () => {
    expect(await readBody(post('{"a": 9007199254740993}'), LIMIT)).toEqual({ a: 0n })
  })
})
