import type { NextAuthOptions } from 'next-auth'
import { getServerSession } from 'next-auth'
import credentials from 'next-auth/providers/credentials'
import { findAccount, hasEnded } from '@/lib/access/accounts'
import type { Account, Role } from '@/lib/access/caller'
import { env } from '@/lib/env'
import { log } from '@/lib/log'

declare module 'next-auth' {
  interface User {
    role: Role
    authenticatedAt: number
  }
  interface Session {
    account: Account
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    role: Role
    /** Not in a cookie of before it was asked for. */
    authenticatedAt?: number
  }
}

/** Hours that a sign-in lasts without use. */
const SESSION_HOURS = 12

/** How people sign in: e-mail and password, kept in a signed and encrypted cookie that holds the role. */
export function authOptions(): NextAuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_HOURS * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      credentials({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        authorize: (given) => lookUp(given?.email ?? '', given?.password ?? ''),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { ...token, role: user.role, authenticatedAt: user.authenticatedAt } : token,
      session: ({ session, token }) => ({
        ...session,
        account: {
          id: token.sub ?? '',
          email: token.email ?? '',
          role: token.role,
          authenticatedAt: token.authenticatedAt ?? 0,
        },
      }),
    },
  }
}

/** next-auth shows an error's message to whoever signs in, so the cause stays in the log. */
async function lookUp(name: string, password: string) {
  try {
    const account = await findAccount(name, password)
    return account && { ...account, authenticatedAt: Date.now() }
  } catch (error) {
    log('error', 'sign-in could not read the accounts', { error })
    throw new Error('Unavailable')
  }
}

/** Who is signed in, in a page or a route handler. Asks no database: the cookie says it. */
export async function currentAccount(): Promise<Account | null> {
  const account = (await getServerSession(authOptions()))?.account
  return account && !hasEnded(account) ? account : null
}
