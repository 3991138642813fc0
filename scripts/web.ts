import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import next from 'next'
// Next.js' own reader of this header: it throws on what is wrong, which a page would answer with 500.
import { parseAndValidateFlightRouterState } from 'next/dist/server/app-render/parse-and-validate-flight-router-state'
import { BASE_PATH } from '@/lib/http/base-path'
import { ADDRESS_HEADER, addressOf } from '@/lib/http/client-address'
import { answerDirectly, findHandler } from '@/lib/http/direct'
import { answering } from '@/lib/http/request'
import { stopWithParent } from '@/scripts/start/child'

/**
 * The web server: Next.js behind a check of what it would answer with a 5xx, or not as a problem. Takes PORT from the
 * environment, says `ready` to its parent, and on `stop` or SIGTERM finishes the requests that it has.
 */

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** The methods of pages. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS'])
const host = process.env.HOLDFAST_HOST ?? '127.0.0.1'
/** A proxy is in front, and may be believed. */
const proxied = process.env.HOLDFAST_TRUST_PROXY === 'true'
/** People come by TLS, which cookies go by, too. */
const isByTls = process.env.NEXTAUTH_URL?.startsWith('https:') ?? false
/** What a proxy tells, and else anybody could. */
const FORWARDED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'forwarded',
]
/** Browsers come by TLS alone for so many seconds, a year. */
const TLS_SECONDS = 31_536_000
const port = Number(process.env.PORT ?? 3000)

const app = next({ dev: false, port })
await app.prepare()
const handle = app.getRequestHandler()

const server = createServer((request, response) => {
  seeProxy(request)
  if (isByTls) response.setHeader('strict-transport-security', `max-age=${TLS_SECONDS}`)
  if (BASE_PATH && request.url === '/') return lead(response)
  const fault = faultOf(request)
  if (fault) refuse(response, ...fault)
  else answering(leaving(response), () => answer(request, response))
})
server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
  if (!socket.writable) return
  // A browser that connected ahead of its next page and then paused: it would take a problem for that page.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy()
    return
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const body = problem(
    status,
    status === 431 ? 'The headers are too large.' : 'This is not HTTP as we know it.',
  )
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
})
server.requestTimeout = 30_000
server.headersTimeout = 10_000
// Longer than a load balancer keeps an idle connection, so that none is closed under a request.
server.keepAliveTimeout = 75_000

server.listen(port, host, () => process.send?.({ ready: true }))
server.on('error', (error) => {
  process.send?.({ failed: error.message })
  process.exitCode = 1
})

stopWithParent(async () => {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), 5_000)
  await closed
  clearTimeout(timer)
})

/** By the handler itself where it records, else by Next.js. */
function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const handler = findHandler(request)
  return handler ? answerDirectly(handler, request, response) : handle(request, response)
}

/** Notes who is connected, by the word of the proxy where it may be believed; nobody else is. */
function seeProxy({ headers, socket }: IncomingMessage): void {
  // Node.js joins what is sent several times.
  const forwarded = headers['x-forwarded-for']?.toString()
  headers[ADDRESS_HEADER] = addressOf(socket.remoteAddress, forwarded, proxied)
  if (!proxied) for (const name of FORWARDED) delete headers[name]
}

/** Aborted when whoever waits for a response leaves before its end. */
function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}

/**
 * What is wrong with a request before Next.js sees it: Next.js answers 500 to a path or a router state that it cannot
 * decode, and to a server action on a page, of which we have none.
 */
function faultOf(request: IncomingMessage): [number, string] | undefined {
  const { method = '', url = '/' } = request
  if (!METHODS.has(method)) return [405, 'This method is not known here.']
  if (BASE_PATH && !isWithin(url)) return [404, `Holdfast is at ${BASE_PATH}.`]
  if (!url.startsWith(`${BASE_PATH}/api/`) && !READING.has(method)) return [405, 'A page can only be read.']
  try {
    parseAndValidateFlightRouterState(request.headers['next-router-state-tree'])
  } catch {
    return [400, 'The header next-router-state-tree is not one that our pages send.']
  }
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '/')
    return undefined
  } catch {
    return [400, 'The path is not percent-encoded UTF-8.']
  }
}

/** Whether a path is the base path, or below it. */
const isWithin = (url: string): boolean =>
  /^([/?]|$)/.test(url.slice(BASE_PATH.length)) && url.startsWith(BASE_PATH)

/** From the top of the host to where Holdfast is. */
function lead(response: ServerResponse): void {
  response.writeHead(307, { location: BASE_PATH })
  response.end()
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' })
  response.end(problem(status, detail))
}

function problem(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail })
}
