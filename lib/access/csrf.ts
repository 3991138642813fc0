import { createHash, timingSafeEqual } from 'node:crypto'

const COOKIE = /^(?:__Host-)?next-auth\.csrf-token$/

/**
 * Whether a form's token is the one that next-auth signed into the cookie: `token|sha256(token + secret)`.
 * https://github.com/nextauthjs/next-auth/blob/v4/packages/next-auth/src/core/lib/csrf-token.ts
 *
 * @param cookies of the request, decoded
 */
export function holdsToken(
  cookies: { name: string; value: string }[],
  token: unknown,
  secret: string,
): boolean {
  if (typeof token !== 'string' || token === '') return false
  const expected = `${token}|${createHash('sha256').update(`${token}${secret}`).digest('hex')}`
  return cookies.some(({ name, value }) => COOKIE.test(name) && isSame(value, expected))
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
