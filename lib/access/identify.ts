import { currentAccount } from '@/lib/access/auth'
import { type Account, atLeast, type KeyKind, type Project, roleIn } from '@/lib/access/caller'
import { keyLimiter } from '@/lib/access/limits'
import { originAllowed, sameOrigin } from '@/lib/access/origins'
import { type KnownKey, knownKey, knownProjects } from '@/lib/access/project-cache'
import { clientAddress } from '@/lib/http/client-address'
import type { Access } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const KEY = /^(?:wk|sk)_[A-Za-z0-9_-]{20,64}$/
/** Seconds of a key's rate that may be used at once. */
const BURST_SECONDS = 2

/**
 * The project that a key may use, and the kind of the key.
 *
 * @param bodyKey the body's `writeKey`, which stands in for the header
 * @throws Problem 401 unknown or revoked key, 403 an origin or a kind of key that may not, 429 too many requests
 */
export async function identifyKey(
  headers: Headers,
  access: 'record' | 'read',
  bodyKey?: unknown,
): Promise<{ project: Project; key: KeyKind; keyId: string }> {
  const key = bearer(headers) ?? bodyKey
  if (typeof key !== 'string' || !KEY.test(key))
    throw unauthorized('Send a key: Authorization: Bearer wk_… or sk_…')
  const known = await knownKey(key, clientAddress(headers))
  if (!known) throw unauthorized('This key is unknown or was revoked.')
  limit(known)
  if (access === 'read' && known.kind !== 'secret')
    throw new Problem(403, 'A write key can only record; read with a secret key.')
  const origin = headers.get('origin')
  if (
    origin !== null &&
    !originAllowed(origin, known.project.allowedOrigins) &&
    !ownOrigin(headers, origin)
  ) {
    throw new Problem(403, `The origin ${origin.slice(0, 200)} is not among the project's allowed origins.`)
  }
  return { project: known.project, key: known.kind, keyId: known.id }
}

/**
 * Who is signed in, with at least the role that the access asks for.
 *
 * @param changes the request changes something, so it must come from our own pages
 * @throws Problem 401, 403
 */
export async function identifyAccount(headers: Headers, access: Access, changes: boolean): Promise<Account> {
  if (changes && !sameOrigin(headers)) throw new Problem(403, 'This request came from another site.')
  const account = await currentAccount()
  if (!account) throw unauthorized('Sign in first.')
  const needed = access === 'operator' || access === 'admin' ? access : 'viewer'
  if (!atLeast(account.role, needed))
    throw new Problem(403, `This needs the role ${needed}; you are ${account.role}.`)
  return account
}

/**
 * The project that someone signed in asks for by id or name; the oldest that they see, if none is named.
 *
 * @throws Problem 404, also for one that they do not see
 */
export async function chosenProject(account: Account, wanted: unknown): Promise<Project> {
  const seen = (await knownProjects()).filter(({ id }) => roleIn(account, id) !== null)
  const found = wanted === undefined ? seen[0] : seen.find((p) => p.id === wanted || p.name === wanted)
  if (found) return found
  const none = seen.length === 0 && account.role !== 'admin'
  throw new Problem(404, none ? 'You are in no project yet: ask an admin.' : 'There is no such project.')
}

/** The bearer token of a request, if there is one. */
export function bearer(headers: Headers): string | undefined {
  const header = headers.get('authorization')
  if (header === null) return undefined
  return /^bearer /i.test(header) ? header.slice(7).trim() : ''
}

function limit(key: KnownKey): void {
  const wait = keyLimiter().take(key.id, key.ratePerSecond, key.ratePerSecond * BURST_SECONDS)
  if (wait > 0)
    throw new Problem(429, `This key may make ${key.ratePerSecond} requests a second.`, { retryAfter: wait })
}

const ownOrigin = (headers: Headers, origin: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === headers.get('host')

function unauthorized(detail: string): Problem {
  return new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer' } })
}
