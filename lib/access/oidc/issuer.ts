import type { OAuthConfig } from 'next-auth/providers/oauth'
import { env } from '@/lib/env'

/** What next-auth calls the issuer, in its paths as well. */
export const ISSUER = 'oidc'

/** What an issuer says of a person. https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
export interface IssuerClaims extends Record<string, unknown> {
  sub: string
  email?: unknown
  email_verified?: unknown
  /** When they proved that it is them, in seconds since 1970. */
  auth_time?: unknown
}

/** Whether an issuer signs people in, beside their passwords. */
export const hasIssuer = (): boolean => env().OIDC_ISSUER !== undefined

/** What people know it as; null where there is none. */
export const issuerName = (): string | null => (hasIssuer() ? env().OIDC_NAME : null)

/**
 * The issuer as next-auth takes it, or nothing. People prove there that it is them at each sign-in, since an order to the
 * cluster believes one of the last five minutes.
 */
export function issuer(): OAuthConfig<IssuerClaims>[] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env()
  if (!OIDC_ISSUER) return []
  return [
    {
      id: ISSUER,
      name: OIDC_NAME,
      type: 'oauth',
      wellKnown: `${OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
      clientId: OIDC_CLIENT_ID,
      clientSecret: OIDC_CLIENT_SECRET,
      authorization: { params: { scope: 'openid email profile', prompt: 'login', max_age: 0 } },
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      // Who of ours it is, is settled when the sign-in is.
      profile: ({ sub }) => ({ id: sub, role: 'viewer', authenticatedAt: 0, sessionVersion: 0 }),
    },
  ]
}
