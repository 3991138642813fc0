import { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '@/lib/access/auth'
import { guardAuth } from '@/lib/access/guard-auth'
import { only } from '@/lib/http/route'

type Context = { params: Promise<{ nextauth: string[] }> }

const handle = (request: NextRequest, context: Context): Promise<Response> =>
  NextAuth(authOptions())(request, context)

export const GET = handle

/** A body that next-auth would stumble over is refused, and sign-ins are limited before the password is looked at. */
export async function POST(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  const signsIn = nextauth.join('/') === 'callback/credentials'
  return guardAuth(request, signsIn, (copy) => handle(new NextRequest(copy), context))
}

export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
