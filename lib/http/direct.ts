import type { IncomingMessage, ServerResponse } from 'node:http'
import { atBase } from '@/lib/http/base-path'
import type { Endpoint } from '@/lib/http/endpoint'
import type { Incoming } from '@/lib/http/request'
import { SECURITY_HEADERS } from '@/lib/http/security-headers'
import { singleton } from '@/lib/singleton'

export type Handler = (request: Incoming) => Promise<Response>

/** What Next.js says of every answer, since its pages' answers differ by these. */
const VARY = 'rsc, next-router-state-tree, next-router-prefetch, next-router-segment-prefetch'

/** The handlers that record, by method and address, as Next.js has loaded them: there is one of each. */
const handlers = () => singleton('http.direct', () => new Map<string, Handler>())

/**
 * Lets the web server call a handler that records without Next.js, which would take four times as long as all that the handler
 * does. What comes with a `?` goes through Next.js, and gets the same answer.
 */
export function offer({ access, method, path }: Endpoint, handler: Handler): void {
  if (access === 'record' && method === 'POST') handlers().set(`${method} ${atBase(path)}`, handler)
}

/** The handler for a request, if it has been loaded and needs nothing of Next.js, whose own pages say `rsc`. */
export const findHandler = ({ method, url, headers }: IncomingMessage): Handler | undefined =>
  headers.rsc === undefined ? handlers().get(`${method} ${url}`) : undefined

/** Answers a request by its handler, in the words and the order of Next.js. */
export async function answerDirectly(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await handler(incomingOf(request))
  response.statusCode = answer.status
  for (const { key, value } of SECURITY_HEADERS) response.setHeader(key, value)
  response.setHeader('vary', VARY)
  for (const [name, value] of answer.headers) response.appendHeader(name, value)
  response.write(Buffer.from(await answer.arrayBuffer()))
  response.end()
  // What was not read, since it is too much, makes way for the next request.
  request.resume()
}

function incomingOf(request: IncomingMessage): Incoming {
  const headers = new Headers()
  for (const [name, value = ''] of Object.entries(request.headers))
    for (const one of [value].flat()) headers.append(name, one)
  return {
    url: `http://localhost${request.url}`,
    headers,
    // Whoever stops reading has still to answer: the connection stays.
    body: request.iterator({ destroyOnReturn: false }),
    async arrayBuffer() {
      const chunks: Uint8Array[] = []
      for await (const chunk of request) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    },
  }
}
