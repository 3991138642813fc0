import type { Credentials } from '@/scripts/start/credentials'

/** Someone signed in, as a browser is: cookies, and requests that come from our own pages. */
export class Session {
  private readonly cookies = new Map<string, string>()

  private constructor(
    private readonly url: string,
    /** For orders that are given long after the sign-in. */
    readonly password: string,
  ) {}

  /** Signs in with e-mail and password. @throws Error when that is refused */
  static async signIn({ url, users }: Credentials, role: keyof Credentials['users']): Promise<Session> {
    const session = new Session(url, users[role].password)
    const { body } = await session.request('GET', '/api/auth/csrf')
    const form = new URLSearchParams({
      ...users[role],
      csrfToken: String(body.csrfToken),
      callbackUrl: url,
      json: 'true',
    })
    await session.request('POST', '/api/auth/callback/credentials', form)
    const { body: who } = await session.request('GET', '/api/auth/session')
    if (!who.account) throw new Error(`${role} could not sign in`)
    return session
  }

  /** Another browser with the same cookies. */
  copy(): Session {
    const other = new Session(this.url, this.password)
    for (const [name, value] of this.cookies) other.cookies.set(name, value)
    return other
  }

  /** What a request of theirs has in its header. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Sends JSON, or a form. @throws TypeError when the server is not reached */
  async request(
    method: string,
    path: string,
    body?: object,
    more: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const form = body instanceof URLSearchParams
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: {
        origin: new URL(this.url).origin,
        cookie: this.cookie,
        // A minute later the server would close a kept connection, perhaps under the next request.
        connection: 'close',
        ...(body && !form && { 'content-type': 'application/json' }),
        ...more,
      },
      body: form ? body : body && JSON.stringify(body),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.cookies.set(name, value)
    }
    const text = await response.text()
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : {} }
  }
}
