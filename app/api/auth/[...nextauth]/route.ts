import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '@/lib/access/auth'
import { guardAuth } from '@/lib/access/guard-auth'
import { only } from '@/lib/http/route'

type Context = { params: Promise<{ nextauth: string[] }> }

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  return guardAuth(request, nextauth.join('/'), (checked) => NextAuth(authOptions())(checked, context))
}

export { handle as GET, handle as POST }
export const { PUT, PATCH, DELETE, OPTIONS } = only('GET', 'POST')
