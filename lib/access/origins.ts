import { env } from '@/lib/env'

/**
 * Whether a browser at this origin may post to a project. An allowed origin is exact (`https://shop.example`), has any
 * port (`http://localhost:*`), any subdomain, however deep (`https://*.shop.example`), or is `*`.
 */
export function originAllowed(origin: string, allowed: string[]): boolean {
  return allowed.some(
    (pattern) => pattern === '*' || pattern === origin || (pattern.includes('*') && matches(origin, pattern)),
  )
}

function matches(origin: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace('*\\.', '(?:[a-z0-9-]+\\.)+')
    .replace(':*', '(?::[0-9]+)?')
  return new RegExp(`^${source}$`).test(origin)
}

/**
 * Whether a request that changes something, with a session's cookie, comes from our own pages. Browsers say so in
 * `Sec-Fetch-Site`, older ones and those that come without TLS in `Origin`, which is the name that was asked or, where a proxy asks by
 * another, the address that people open; a client that sends neither is no browser and carries no one's cookies.
 */
export function sameOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  if (site) return site === 'same-origin' || site === 'none'
  const origin = headers.get('origin')
  if (!origin) return true
  if (!URL.canParse(origin)) return false
  const { host, origin: its } = new URL(origin)
  return host === headers.get('host') || its === new URL(env().NEXTAUTH_URL).origin
}
