import { signInLimiter } from '@/lib/access/limits'
import { Problem } from '@/lib/http/problem'

/** Wrong passwords that an address may give at once, and the seconds after which it may give one more. */
const BURST = 10
const SECONDS = 30
/** Attempts a second that all addresses may make together: each costs 20 ms of a core. */
const TOTAL_PER_SECOND = 10

const BODY_LIMIT = 10_000

/**
 * Lets a sign-in through unless its e-mail address failed too often (429). Only failures count, so that nobody's
 * ordinary use is slowed down.
 */
export async function limitSignIn(
  request: Request,
  next: (request: Request) => Promise<Response>,
): Promise<Response> {
  const body = await request.text()
  if (body.length > BODY_LIMIT) return new Problem(413, 'A sign-in is smaller than this.').toResponse()
  const email = emailIn(body, request.headers.get('content-type') ?? '')
  const limiter = signInLimiter()
  const wait = Math.max(
    limiter.wait(email, 1 / SECONDS, BURST),
    limiter.take('\0all', TOTAL_PER_SECOND, TOTAL_PER_SECOND * 5),
  )
  if (wait > 0) return tooMany(request, wait)
  const response = await next(new Request(request.url, { method: 'POST', headers: request.headers, body }))
  if (!signedIn(response)) limiter.take(email, 1 / SECONDS, BURST)
  return response
}

function emailIn(body: string, contentType: string): string {
  if (!contentType.includes('json'))
    return (new URLSearchParams(body).get('email') ?? '').trim().toLowerCase()
  try {
    return String(JSON.parse(body).email ?? '')
      .trim()
      .toLowerCase()
  } catch {
    return ''
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
