import { NextRequest } from 'next/server'
import { attempt } from '@/lib/access/attempts'
import { NOT_WRONG } from '@/lib/access/auth'
import { holdsToken } from '@/lib/access/csrf'
import { signInLimiter } from '@/lib/access/limits'
import { hasIssuer, ISSUER } from '@/lib/access/oidc/issuer'
import { sameOrigin } from '@/lib/access/origins'
import { env } from '@/lib/env'
import { atBase } from '@/lib/http/base-path'
import { readText } from '@/lib/http/body'
import { clientAddress } from '@/lib/http/client-address'
import { Problem } from '@/lib/http/problem'

/** What of next-auth is reached: it takes any path that begins like one of its own, and has pages that ours replace. */
const PATHS: Record<string, string[]> = {
  GET: ['csrf', 'providers', 'session'],
  POST: ['callback/credentials', 'signout'],
}
/** And what of it is for OpenID Connect, where that is set up. What fails leads to our page of signing in. */
const ISSUER_PATHS: Record<string, string[]> = {
  GET: [`callback/${ISSUER}`, 'error', 'signin'],
  POST: [`signin/${ISSUER}`],
}
/** Of those that ask the issuer something, from one address. */
const ASKED = { burst: 20, perSecond: 1 }
const SIGN_IN = 'callback/credentials'
const FORM = 'application/x-www-form-urlencoded'

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
    const isIssuers = hasIssuer() && ISSUER_PATHS[request.method]?.includes(path)
    if (!isIssuers && !PATHS[request.method]?.includes(path)) throw new Problem(404, 'There is no such path.')
    if (isIssuers) limitAsked(clientAddress(request.headers))
    if (isIssuers && path === 'error') return toSignIn(request)
    const answer = request.method === 'GET' ? await next(request) : await post(request, path, next)
    return await staying(answer, request.headers)
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
  const fields = await readFields(request)
  if (!holdsToken(request.cookies.getAll(), fields.get('csrfToken'), env().NEXTAUTH_SECRET))
    throw new Problem(403, 'The form’s token is missing, or not of this browser: load the page again.')
  // Written anew, so that next-auth reads what was looked at here, however else it might read what was sent.
  const headers = new Headers(request.headers)
  headers.set('content-type', FORM)
  headers.delete('content-length')
  // What the address holds next-auth would hand on to the issuer.
  const copy = new NextRequest(new URL(request.nextUrl.pathname, request.url), {
    method: 'POST',
    headers,
    body: fields.toString(),
  })
  if (path !== SIGN_IN) return next(copy)
  const account = (fields.get('email') ?? '').trim().toLowerCase().slice(0, EMAIL_LENGTH)
  return attempt(account, clientAddress(request.headers), async () => {
    const answer = await next(copy)
    return { answer, wrong: !signedIn(answer) && (await isRefusal(answer)) }
  })
}

/** next-auth would put whatever it is asked for into a header. */
function toSignIn(request: NextRequest): Response {
  const error = request.nextUrl.searchParams.get('error') ?? ''
  const told = /^\w{1,40}$/.test(error) ? error : 'Callback'
  return new Response(null, { status: 302, headers: { location: atBase(`/sign-in?error=${told}`) } })
}

function limitAsked(address: string): void {
  const wait = signInLimiter().take(`issuer ${address}`, ASKED.perSecond, ASKED.burst)
  if (wait > 0) throw new Problem(429, 'Too many attempts to sign in.', { retryAfter: wait })
}

/** The fields of a form, or the texts of a JSON object. @throws Problem 400, 413, 415 */
async function readFields(request: NextRequest): Promise<URLSearchParams> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== FORM && type !== 'application/json')
    throw new Problem(415, 'Send a form, or application/json.')
  const body = await readText(request, BODY_BYTES)
  if (type === FORM) return new URLSearchParams(Object.fromEntries(new URLSearchParams(body)))
  try {
    const texts = Object.entries(JSON.parse(body) as object).filter(([, value]) => typeof value === 'string')
    return new URLSearchParams(Object.fromEntries(texts))
  } catch (cause) {
    throw new Problem(400, 'The body is not a JSON object.', { cause })
  }
}

const signedIn = (response: Response): boolean =>
  response.headers.getSetCookie().some((cookie) => /session-token=[^;]/.test(cookie))

/**
 * An answer that leads to no other name of ours than the one it was asked by: next-auth knows one, and people come by others,
 * and through proxies.
 */
async function staying(answer: Response, asked: Headers): Promise<Response> {
  const location = answer.headers.get('location')
  const headers = new Headers(answer.headers)
  if (location !== null && isOurs(location)) {
    headers.set('location', pathOf(location))
    return new Response(answer.body, { status: answer.status, headers })
  }
  const host = asked.get('host')
  if (!host || !answer.headers.get('content-type')?.includes('json')) return answer
  const body = (await answer.clone().json()) as { url?: unknown } | null
  if (typeof body?.url !== 'string' || !isOurs(body.url)) return answer
  // Our own page says by which scheme it came.
  const origin = asked.get('origin')
  const { protocol } = new URL(origin && new URL(origin).host === host ? origin : env().NEXTAUTH_URL)
  headers.delete('content-length')
  const url = `${protocol}//${host}${pathOf(body.url)}`
  return new Response(JSON.stringify({ ...body, url }), { status: answer.status, headers })
}

/** Begins with one slash: with two it would be another host. */
function pathOf(address: string): string {
  const { pathname, search, hash } = new URL(address)
  return `${pathname.replace(/^[/\\]+/, '/')}${search}${hash}`
}

const isOurs = (address: string): boolean =>
  URL.canParse(address) && new URL(address).origin === new URL(env().NEXTAUTH_URL).origin

/** Whether something was wrong: what nobody could check was not, nor is a code that is still to come. */
async function isRefusal(response: Response): Promise<boolean> {
  const told = response.headers.get('location') ?? (await response.clone().text())
  return !NOT_WRONG.some((error) => told.includes(`error=${error}`))
}

/** A problem, with the address that next-auth's browser code looks for in an answer. */
async function withAddress(request: Request, problem: Problem): Promise<Response> {
  const response = problem.toResponse()
  const error = problem.status === 429 ? 'TooManyAttempts' : 'OutOfDate'
  const url = new URL(atBase(`/sign-in?error=${error}`), request.url).href
  return Response.json({ ...(await response.json()), url }, response)
}
