import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Account, CallerOf, KeyKind, Project } from '@/lib/access/caller'
import { bearer, chosenProject, identifyAccount, identifyKey } from '@/lib/access/identify'
import { timed } from '@/lib/analytics/estimate/service'
import { followLeader } from '@/lib/database'
import { readBody } from '@/lib/http/body'
import { fromSegment } from '@/lib/http/client'
import { clientAddress } from '@/lib/http/client-address'
import { databaseProblem } from '@/lib/http/database-problem'
import { type Handler, offer } from '@/lib/http/direct'
import type { Access, Endpoint, Method } from '@/lib/http/endpoint'
import { invalid, Problem } from '@/lib/http/problem'
import { hasGone, type Incoming, noteCaller } from '@/lib/http/request'
import { log } from '@/lib/log'
import { countRequest } from '@/lib/metrics'

/** What an endpoint does: from parsed input and a known caller to its output. */
export type Service<Input extends z.ZodType, Output extends z.ZodType, A extends Access> = (
  input: z.output<Input>,
  caller: CallerOf<A>,
) => Promise<z.input<Output>>

const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]{1,100}(?:\s*,\s*[\w!#$%&'*+.^`|~-]{1,100}){0,50}$/

/** Makes a route handler: who are you, parse, service, parse the output, answer JSON or a problem. */
export function route<Input extends z.ZodType, Output extends z.ZodType, A extends Access>(
  endpoint: Endpoint<Input, Output, A>,
  service: Service<Input, Output, A>,
): Handler {
  return answering(endpoint, async (input, caller, raw) => {
    const answered = await timed(endpoint.id, raw, caller, () => service(input, caller))
    const output = endpoint.output.parse(answered)
    return { status: statusOf(endpoint, output), body: JSON.stringify(output) }
  })
}

/**
 * Makes a route handler for an answer that is sent as it is read. What goes wrong before its first part is a problem; later it
 * breaks the connection off.
 */
export function streamRoute<Input extends z.ZodType, Output extends z.ZodType, A extends Access>(
  endpoint: Endpoint<Input, Output, A>,
  read: (input: z.output<Input>, caller: CallerOf<A>) => AsyncGenerator<string>,
): Handler {
  return answering(endpoint, async (input, caller) => {
    const parts = read(input, caller)
    const first = await parts.next()
    // What is read later belongs to this request, too.
    const within = AsyncLocalStorage.snapshot()
    const encoder = new TextEncoder()
    const body = new ReadableStream({
      start: (to) => to.enqueue(encoder.encode(first.value ?? '')),
      pull: (to) =>
        within(async () => {
          try {
            const { value, done } = await parts.next()
            if (done) to.close()
            else to.enqueue(encoder.encode(value))
          } catch (error) {
            // It is too late to tell whoever reads; a broken connection does.
            throw toProblem(error, endpoint, randomUUID())
          }
        }),
      cancel: async () => void (await parts.return(undefined)),
    })
    return { status: endpoint.status ?? 200, body }
  })
}

type Answer<Input extends z.ZodType, A extends Access> = (
  input: z.output<Input>,
  caller: CallerOf<A>,
  raw: Record<string, unknown>,
) => Promise<{ status: number; body: BodyInit }>

/** Who are you, parse, answer; or a problem. */
function answering<Input extends z.ZodType, Output extends z.ZodType, A extends Access>(
  endpoint: Endpoint<Input, Output, A>,
  answer: Answer<Input, A>,
): Handler {
  const handler: Handler = async (request) => {
    const receivedAt = Date.now()
    const begun = performance.now()
    try {
      const raw = await readInput(endpoint, request)
      const who = await identify(endpoint, request, raw)
      noteCaller(who)
      const input = endpoint.input.safeParse(raw)
      if (!input.success) throw invalid(input.error)
      const { headers } = request
      const userAgent = headers.get('user-agent')
      const caller = {
        ...who,
        receivedAt,
        userAgent,
        address: clientAddress(headers),
      } as unknown as CallerOf<A>
      const { status, body } = await answer(input.data, caller, raw)
      countRequest(endpoint.id, status, begun)
      return new Response(body, { status, headers: headersFor(endpoint, request) })
    } catch (error) {
      const requestId = randomUUID()
      const response = toProblem(error, endpoint, requestId).toResponse()
      countRequest(endpoint.id, response.status, begun)
      response.headers.set('x-request-id', requestId)
      for (const [name, value] of Object.entries(corsHeaders(endpoint, request)))
        response.headers.set(name, value)
      return response
    }
  }
  offer(endpoint, handler)
  return handler
}

function statusOf({ acceptedWith, status = 200 }: Endpoint, output: unknown): number {
  return acceptedWith !== undefined && Object.hasOwn(output as object, acceptedWith) ? 202 : status
}

/** The handlers for the methods that a path does not have: 405, and the answer to a browser's preflight. */
export function only(
  ...methods: Method[]
): Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', (request: Incoming) => Promise<Response>> {
  const allow = [...methods, 'OPTIONS'].join(', ')
  const refuse = async () =>
    new Problem(405, `This path takes ${methods.join(' and ')}.`, { headers: { allow } }).toResponse()
  const preflight = async (request: Incoming) => {
    const origin = request.headers.get('origin')
    // A preflight carries no key, so it cannot be refused by project: the request that follows is.
    const cors = origin && {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': headersWanted(request),
      'access-control-max-age': '86400',
      vary: 'origin, access-control-request-headers',
    }
    return new Response(null, { status: 204, headers: { allow, ...cors } })
  }
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, OPTIONS: preflight }
}

/** Those that the page wants to send: one that traces its requests adds its own, and none of them gives any right. */
function headersWanted(request: Incoming): string {
  const wanted = request.headers.get('access-control-request-headers') ?? ''
  return HEADER_NAMES.test(wanted) ? wanted : 'authorization, content-type'
}

async function readInput(endpoint: Endpoint, request: Incoming) {
  const fromPath = readPath(endpoint.path, request.url)
  const inQuery = endpoint.method === 'GET' || endpoint.method === 'DELETE'
  const given = inQuery ? readQuery(request.url) : await readBody(request, endpoint.maxBytes)
  // Zod would pass over this name, which no endpoint has, without a word.
  if (Object.hasOwn(given, '__proto__')) throw new Problem(422, '__proto__: Unknown name')
  return { ...given, ...fromPath }
}

/**
 * What the address holds for the path's `{names}`. Next.js decodes the segments of some requests and not of others, so
 * that a per cent sign of a name would be taken for an escape: they are read from the address itself, and decoded once.
 */
function readPath(path: string, url: string): Record<string, string> {
  const segments = new URL(url).pathname.split('/')
  try {
    return Object.fromEntries(
      path
        .split('/')
        .flatMap((part, index) =>
          part.startsWith('{') ? [[part.slice(1, -1), fromSegment(segments[index] ?? '')]] : [],
        ),
    )
  } catch (cause) {
    throw new Problem(400, 'The path is not percent-encoded UTF-8.', { cause })
  }
}

function readQuery(url: string): Record<string, string> {
  // Without a prototype, so that `constructor` is a name like any other: an unknown one.
  const query: Record<string, string> = Object.create(null)
  const start = url.indexOf('?')
  if (start < 0) return query
  for (const [name, value] of new URLSearchParams(url.slice(start))) {
    if (name in query)
      throw new Problem(422, `${name} is given twice.`, { errors: [{ path: name, message: 'Given twice' }] })
    query[name] = value
  }
  return query
}

async function identify(
  endpoint: Endpoint,
  request: Incoming,
  raw: Record<string, unknown>,
): Promise<{ account: Account | null; project?: Project; key?: KeyKind; keyId?: string }> {
  const { access } = endpoint
  const { headers } = request
  if (access === 'public') return { account: null }
  if (access === 'record') return { account: null, ...(await identifyKey(headers, 'record', raw.writeKey)) }
  if (access === 'read' && bearer(headers) !== undefined) {
    const known = await identifyKey(headers, 'read')
    const { project } = known
    if (raw.project !== undefined && raw.project !== project.id && raw.project !== project.name) {
      throw new Problem(403, "This key belongs to another project than the one in 'project'.")
    }
    return { account: null, ...known }
  }
  const account = await identifyAccount(headers, access, endpoint.method !== 'GET')
  return access === 'read' ? { account, project: await chosenProject(account, raw.project) } : { account }
}

function headersFor(endpoint: Endpoint, request: Incoming): Record<string, string> {
  return {
    'content-type': endpoint.media ?? 'application/json',
    'cache-control': 'no-store',
    ...corsHeaders(endpoint, request),
    ...kept(endpoint),
  }
}

/** Whether or not this request came with them: a cache would give its answer to one that does. */
const kept = ({ maxAge }: Endpoint): Record<string, string> =>
  maxAge === undefined ? {} : { 'cache-control': `public, max-age=${maxAge}`, vary: 'origin, authorization' }

/** Lets a browser read the answer. Only recording is open to other origins, and `identifyKey` refused those not allowed. */
function corsHeaders(endpoint: Endpoint, request: Incoming): Record<string, string> {
  const origin = endpoint.access === 'record' ? request.headers.get('origin') : null
  return origin
    ? {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'retry-after',
        vary: 'origin',
      }
    : {}
}

/** What is not a problem already is logged, under the id that the answer has, too. */
function toProblem(error: unknown, endpoint: Endpoint, requestId: string): Problem {
  if (error instanceof Problem) return error
  const problem = databaseProblem(error) ?? new Problem(500, 'The cause is in the log.', { cause: error })
  // Its statements were stopped.
  if (problem.status === 503 && hasGone()) return problem
  if (problem.status === 503) followLeader()
  log(problem.status === 500 ? 'error' : 'warn', 'request failed', {
    endpoint: endpoint.id,
    requestId,
    status: problem.status,
    error,
  })
  return problem
}
