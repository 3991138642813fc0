import { randomUUID } from 'node:crypto'
import type { NextAuthOptions, Profile, User } from 'next-auth'
import { getServerSession } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import credentials from 'next-auth/providers/credentials'
import type { Account, Role } from '@/lib/access/caller'
import { admit } from '@/lib/access/oidc/admit'
import { ISSUER, type IssuerClaims, issuer } from '@/lib/access/oidc/issuer'
import { SESSION_COOKIE } from '@/lib/access/session-cookie'
import { endOne } from '@/lib/access/sessions/service'
import { type Claims, standingOf } from '@/lib/access/sessions/standing'
import { findAccount, type Proof } from '@/lib/access/sign-in'
import { env } from '@/lib/env'
import { atBase, BASE_PATH } from '@/lib/http/base-path'
import { clientAddress } from '@/lib/http/client-address'
import { Problem } from '@/lib/http/problem'
import { log } from '@/lib/log'

declare module 'next-auth' {
  interface User {
    role: Role
    authenticatedAt: number
    sessionVersion: number
  }
  interface Session {
    account: Account | null
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    role: Role
    authenticatedAt?: number
    /** These are not in a cookie of before they were asked for: its session has ended. */
    sessionId?: string
    sessionVersion?: number
  }
}

const BUSY = 'TooManyAttempts'
const UNAVAILABLE = 'Unavailable'
const CODE_WANTED = 'CodeWanted'
/** Answers to a sign-in whose password nobody looked at, or was right. */
export const NOT_WRONG = [BUSY, UNAVAILABLE, CODE_WANTED]
/** What the form is told, by the status of a problem. */
const REFUSALS: Record<number, string> = { 429: BUSY, 422: CODE_WANTED, 403: 'CodeWrong' }

/** Hours that a sign-in lasts, unless it is renewed. */
const SESSION_HOURS = 12

/**
 * How people sign in: e-mail and password, kept in a signed and encrypted cookie. Whether its session still holds, and with
 * which role, is looked at every time.
 */
export function authOptions(): NextAuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_HOURS * 3600 },
    // Of its own, and 30 days: a copied cookie would outlive the browser's.
    jwt: { maxAge: SESSION_HOURS * 3600 },
    logger: { error: (code, meta) => log('error', 'next-auth failed', { code, error: errorOf(meta) }) },
    cookies: cookiesAtBase(),
    pages: { signIn: atBase('/sign-in'), error: atBase('/sign-in') },
    providers: [
      ...issuer(),
      credentials({
        credentials: { email: { type: 'email' }, password: { type: 'password' }, code: {} },
        authorize: (given, { headers }) =>
          lookUp(
            given?.email ?? '',
            { password: given?.password ?? '', code: given?.code },
            clientAddress(new Headers(headers)),
          ),
      }),
    ],
    callbacks: {
      signIn: ({ user, account, profile }) => account?.provider !== ISSUER || comeIn(user, profile),
      jwt: ({ token, user }) =>
        user
          ? {
              ...token,
              role: user.role,
              authenticatedAt: user.authenticatedAt,
              sessionVersion: user.sessionVersion,
              sessionId: randomUUID(),
            }
          : token,
      session: async ({ session, token }) => ({ ...session, account: await standingOf(claimsOf(token)) }),
    },
    // A cookie that cannot be read is no session.
    events: { signOut: async ({ token }) => token && endOne(claimsOf(token)) },
  }
}

/** Beside other sites of one host, whose servers are not to be sent the session. */
function cookiesAtBase(): NextAuthOptions['cookies'] {
  if (!BASE_PATH) return undefined
  const secure = env().NEXTAUTH_URL.startsWith('https:')
  return {
    sessionToken: {
      name: `${secure ? '__Secure-' : ''}${SESSION_COOKIE}`,
      options: { httpOnly: true, sameSite: 'lax', path: BASE_PATH, secure },
    },
  }
}

/** Of what next-auth tells, the error: the rest may be anything. */
const errorOf = (meta: Error | { [name: string]: unknown }): unknown =>
  meta instanceof Error ? meta : meta.error

const claimsOf = (token: JWT): Claims => ({
  id: token.sub ?? '',
  email: token.email ?? '',
  role: token.role,
  authenticatedAt: token.authenticatedAt ?? 0,
  sessionId: token.sessionId ?? '',
  sessionVersion: token.sessionVersion ?? 0,
})

/** Whoever the issuer has signed in becomes an account of ours, or is told why not. */
async function comeIn(user: User, claims: Profile | undefined): Promise<true | string> {
  try {
    Object.assign(user, await admit(claims as IssuerClaims))
    return true
  } catch (error) {
    const refused = error instanceof Problem && error.status < 500
    if (refused) log('warn', 'a sign-in by the issuer was refused', { reason: error.detail })
    else log('error', 'a sign-in by the issuer could not be admitted', { error })
    return atBase(`/sign-in?error=${refused ? 'NotAdmitted' : UNAVAILABLE}`)
  }
}

/** next-auth shows an error's message to whoever signs in, so the cause stays in the log. */
async function lookUp(name: string, proof: Proof, address: string) {
  try {
    const account = await findAccount(name, proof, address)
    return account && { ...account, authenticatedAt: Date.now() }
  } catch (error) {
    const told = error instanceof Problem && REFUSALS[error.status]
    if (!told) log('error', 'sign-in could not read the accounts', { error })
    throw new Error(told || UNAVAILABLE)
  }
}

/** Who is signed in, in a page or a route handler; null for a session that has ended. */
export const currentAccount = async (): Promise<Account | null> =>
  (await getServerSession(authOptions()))?.account ?? null
