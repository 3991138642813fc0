import { NextRequest } from 'next/server'
import { attempt } from '@/lib/access/attempts'
import { holdsToken } from '@/lib/access/csrf'
import { sameOrigin } from '@/lib/access/origins'
import { env } from '@/lib/env'
import { readText } from '@/lib/http/body'
import { clientAddress } from '@/lib/http/client-address'
import { Problem } from '@/lib/http/problem'

/** What of next-auth is reached: it takes any path that begins like one of its own, and has pages that ours replace. */
const PATHS: Record<string, string[]> = {
  GET: ['csrf', 'providers', 'session'],
  POST: ['callback/credentials', 'signout'],
}
const SIGN_IN = 'callback/credentials'

const BODY_BYTES = 8 * 1024
/** No address is longer: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 */
const EMAIL_LENGTH = 254

/**
 * Hands a request on to next-auth: only on its own paths, and with a body only what is small and comes from a form of ours,
 * so that no other site, and no one without a token, can use up somebody's attempts. A sign-in is limited by account and
 * address together.
 *
 * @param path after `/api/auth/`
 */
export async function guardAuth(
  request: NextRequest,
  path: string,
  next: (request: NextRequest) => Promise<Response>,
): Promise<Response> {
  try {
    if (!PATHS[request.method]?.includes(path)) throw new Problem(404, 'There is no such path.')
    if (request.method === 'GET') return await next(request)
    return await post(request, path, next)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return withAddress(request, error)
  }
}

async function post(
  request: NextRequest,
  path: string,
  next: (request: NextRequest) => Promise<Response>,
): Promise<Response> {
  if (!sameOrigin(request.headers)) throw new Problem(403, 'This request came from another site.')
  const body = await readText(request, BODY_BYTES)
  const fields = fieldsOf(body, request.headers.get('content-type') ?? '')
  if (!holdsToken(request.cookies.getAll(), fields.csrfToken, env().NEXTAUTH_SECRET))
    throw new Problem(403, 'The form’s token is missing, or not of this browser: load the page again.')
  const copy = new NextRequest(request.url, { method: 'POST', headers: request.headers, body })
  if (path !== SIGN_IN) return next(copy)
  const account = String(fields.email ?? '')
    .trim()
    .toLowerCase()
    .slice(0, EMAIL_LENGTH)
  return attempt(account, clientAddress(request.headers), () => next(copy), signedIn)
}

/** The fields of a form or of a JSON object. @throws Problem 400 for what says that it is JSON and is not */
function fieldsOf(body: string, contentType: string): Record<string, unknown> {
  if (!contentType.includes('json')) return Object.fromEntries(new URLSearchParams(body))
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // It is said below.
  }
  throw new Problem(400, 'The body is not a JSON object.')
}

const signedIn = (response: Response): boolean =>
  response.headers.getSetCookie().some((cookie) => /session-token=[^;]/.test(cookie))

/** A problem, with the address that next-auth's browser code looks for in an answer. */
async function withAddress(request: Request, problem: Problem): Promise<Response> {
  const response = problem.toResponse()
  const error = problem.status === 429 ? 'TooManyAttempts' : 'OutOfDate'
  const url = new URL(`/sign-in?error=${error}`, request.url).href
  return Response.json({ ...(await response.json()), url }, response)
}
