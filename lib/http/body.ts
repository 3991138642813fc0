import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { parseExactly } from '@/lib/http/exact-json'
import { Problem } from '@/lib/http/problem'
import type { Incoming } from '@/lib/http/request'

const MEGABYTE = 1024 * 1024
const types = new Set(['application/json', 'text/plain'])
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a request's JSON object: UTF-8, `application/json` or the `text/plain` that `sendBeacon` sends. A number that
 * JavaScript does not hold exactly becomes a bigint, which no schema of ours takes.
 *
 * @throws Problem 400, 413, 415 or 422
 */
export async function readBody(request: Incoming, limit = MEGABYTE): Promise<Record<string, unknown>> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (!type || !types.has(type)) throw new Problem(415, 'Send application/json, or JSON as text/plain.')
  const text = await readText(request, limit)
  let value: unknown
  try {
    value = parseExactly(text)
  } catch (cause) {
    throw new Problem(400, 'The body is not JSON.', { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(422, 'The body must be a JSON object.', {
      errors: [{ path: '', message: 'Expected an object' }],
    })
  }
  return value as Record<string, unknown>
}

/**
 * A request's body as text, of which no more is read or unpacked than the limit.
 *
 * @throws Problem 400 not UTF-8, or not packed as it says; 413; 415 packed in a way that is unknown here
 */
export const readText = async (request: Incoming, limit: number): Promise<string> =>
  decode(await unpack(request.headers.get('content-encoding'), await readBytes(request, limit), limit))

async function readBytes(request: Incoming, limit: number): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > limit) throw tooLarge(limit)
  // A declared length is enforced by the HTTP parser; only a chunked body must be counted.
  if (declared !== null) return new Uint8Array(await request.arrayBuffer())
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Some clients say deflate and leave out the frame that it has to have. */
const hasFrame = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & 0x0f) === 8

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: (bytes: Uint8Array, options: { maxOutputLength: number }) =>
    (hasFrame(bytes) ? promisify(inflate) : promisify(inflateRaw))(bytes, options),
  br: promisify(brotliDecompress),
}

async function unpack(encoding: string | null, bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return bytes
  if (!Object.hasOwn(unpackers, name))
    throw new Problem(415, 'Send the body as it is, or packed by gzip, deflate or br.', {
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    })
  try {
    return await unpackers[name as keyof typeof unpackers](bytes, { maxOutputLength: limit })
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new Problem(400, `The body is not packed by ${name}, as it says.`, { cause })
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new Problem(400, 'The body is not UTF-8.', { cause })
  }
}

function tooLarge(limit: number): Problem {
  return new Problem(413, `This request may hold at most ${limit / 1024} KB.`)
}
