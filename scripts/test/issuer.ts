import { createServer } from 'node:http'
import Provider from 'oidc-provider'

/** As which a product of a test is known to the issuer. */
export const CLIENT = { OIDC_CLIENT_ID: 'holdfast', OIDC_CLIENT_SECRET: 'a secret for tests only' }

/** The name to sign in with at the issuer: it says what is claimed of whoever does. */
export const loginOf = (email: string, roles: string[] = [], verified = true): string =>
  JSON.stringify({ email, roles, verified })

/**
 * A real issuer of OpenID Connect on loopback, which believes everybody: the name that is typed says what it claims.
 *
 * @param redirect where it sends people back to
 */
export async function startIssuer(port: number, redirect: string): Promise<() => Promise<void>> {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: CLIENT.OIDC_CLIENT_ID,
        client_secret: CLIENT.OIDC_CLIENT_SECRET,
        redirect_uris: [redirect],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
    // Then the claims are in the token itself, as most issuers have them.
    conformIdTokenClaims: false,
    findAccount: (_context, login) => {
      const { email, roles, verified } = JSON.parse(login)
      const claims = { sub: login, email, email_verified: verified, groups: { holdfast: roles } }
      return { accountId: login, claims: () => claims }
    },
    cookies: { keys: ['a key for tests only'] },
  })
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}
