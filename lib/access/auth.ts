import type { NextAuthOptions } from 'next-auth'
import { getServerSession } from 'next-auth'
import credentials from 'next-auth/providers/credentials'
import { findUser } from '@/db/queries/access/users'
import type { Account, Role } from '@/lib/access/caller'
import { checkPassword } from '@/lib/access/secrets'
import { leader } from '@/lib/database'
import { env } from '@/lib/env'
import { log } from '@/lib/log'

declare module 'next-auth' {
  interface User {
    role: Role
  }
  interface Session {
    account: Account
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    role: Role
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
        authorize: async (given) => {
          const email = given?.email?.trim().toLowerCase() ?? ''
          const user = email.includes('\0') ? undefined : await lookUp(email)
          const right = await checkPassword(user?.passwordHash ?? null, given?.password ?? '')
          return user && right ? { id: user.id, email: user.email, role: user.role } : null
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { ...token, role: user.role } : token),
      session: ({ session, token }) => ({
        ...session,
        account: { id: token.sub ?? '', email: token.email ?? '', role: token.role },
      }),
    },
  }
}

/** next-auth shows an error's message to whoever signs in, so the cause stays in the log. */
async function lookUp(email: string) {
  try {
    return await findUser(leader(), email)
  } catch (error) {
    log('error', 'sign-in could not read the accounts', { error })
    throw new Error('Unavailable')
  }
}

/** Who is signed in, in a page or a route handler. */
export async function currentAccount(): Promise<Account | null> {
  const session = await getServerSession(authOptions())
  return session?.account ?? null
}
