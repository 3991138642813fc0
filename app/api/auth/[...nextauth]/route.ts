import { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '@/lib/access/auth'
import { limitSignIn } from '@/lib/access/sign-in-limit'

type Context = { params: Promise<{ nextauth: string[] }> }

const handle = (request: NextRequest, context: Context): Promise<Response> =>
  NextAuth(authOptions())(request, context)

export const GET = handle

/** Sign-in attempts are limited before the password is looked at. */
export async function POST(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  if (nextauth.join('/') !== 'callback/credentials') return handle(request, context)
  return limitSignIn(request, (copy) => handle(new NextRequest(copy), context))
}
