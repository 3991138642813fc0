import { signInLimiter } from '@/lib/access/limits'
import { Problem } from '@/lib/http/problem'

/** Wrong passwords that an address may give at once, and the seconds after which it may give one more. */
const BURST = 10
const SECONDS = 30
/** Attempts a second that all addresses may make together: each costs 20 ms of a core. */
const TOTAL_PER_SECOND = 10

const BODY_LIMIT = 10_000

/**
 * Hands a request with a body on to next-auth: not one that is too large (413) or no JSON though it says so (400), and
 * no sign-in for an e-mail address that failed too often (429). Only failures count, so that nobody's ordinary use is
 * slowed down.
 */
export async function guardAuth(
  request: Request,
  signsIn: boolean,
  next: (request: Request) => Promise<Response>,
): Promise<Response> {
  const body = await request.text()
  if (body.length > BODY_LIMIT) return new Problem(413, 'A sign-in is smaller than this.').toResponse()
  const fields = fieldsOf(body, request.headers.get('content-type') ?? '')
  if (!fields) return new Problem(400, 'The body is not a JSON object.').toResponse()
  const copy = new Request(request.url, { method: 'POST', headers: request.headers, body })
  if (!signsIn) return next(copy)
  const email = String(fields.email ?? '')
    .trim()
    .toLowerCase()
  const limiter = signInLimiter()
  const wait = Math.max(
    limiter.wait(email, 1 / SECONDS, BURST),
    limiter.take('\0all', TOTAL_PER_SECOND, TOTAL_PER_SECOND * 5),
  )
  if (wait > 0) return tooMany(request, wait)
  const response = await next(copy)
  if (!signedIn(response)) limiter.take(email, 1 / SECONDS, BURST)
  return response
}

/** The fields of a form or of a JSON object; nothing for what says that it is JSON and is not. */
function fieldsOf(body: string, contentType: string): Record<string, unknown> | undefined {
  if (!contentType.includes('json')) return Object.fromEntries(new URLSearchParams(body))
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const signedIn = (response: Response): boolean =>
  response.headers.getSetCookie().some((cookie) => /session-token=[^;]/.test(cookie))

/** A problem, with the address that next-auth's browser code looks for in an answer. */
async function tooMany(request: Request, wait: number): Promise<Response> {
  const response = new Problem(429, 'Too many attempts to sign in.', { retryAfter: wait }).toResponse()
  const url = new URL('/sign-in?error=TooManyAttempts', request.url).href
  return Response.json({ ...(await response.json()), url }, response)
}
