import { type NextRequest, NextResponse } from 'next/server'

/** Next.js' development server compiles with eval; nothing else does. */
const development = process.env.NODE_ENV !== 'production'

/**
 * Gives each page a Content-Security-Policy with a nonce of its own: Next.js reads it from the request and puts it on
 * every script. The path travels along for the layout, which sends those who are not signed in back to it.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID())
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ')
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('x-path', request.nextUrl.pathname + request.nextUrl.search)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** Whatever may be a page, also one that there is not: all but the API, what Next.js built, and the files at the top. */
export const config = {
  matcher: [
    '/((?!api/|_next/static/|_next/image|(?:robots\\.txt|favicon\\.ico|icon\\.svg|holdfast\\.js|holdfast\\.mjs|holdfast\\.d\\.mts|holdfast-tracker\\.tgz|survey\\.js)$).*)',
  ],
}
