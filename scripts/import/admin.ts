import type { z } from 'zod'
import type { Endpoint, InputOf } from '@/lib/http/endpoint'
import { causeOf, ImportError, problemOf } from './fail'

const TIMEOUT_MS = 30_000

/** Someone signed in to the product over HTTP, as a browser would be. */
export class Admin {
  private readonly cookies = new Map<string, string>()

  private constructor(private readonly url: string) {}

  /** @throws ImportError where the address is not Holdfast's, or the password is not the account's */
  static async signIn(url: string, account: { email: string; password: string }): Promise<Admin> {
    const admin = new Admin(url)
    const csrf = await admin.fetch('/api/auth/csrf')
    const { csrfToken } = (await csrf.json().catch(() => ({}))) as { csrfToken?: string }
    if (!csrf.ok || csrfToken === undefined) throw new ImportError(`${url} does not answer like Holdfast`)
    const answer = await admin.fetch('/api/auth/callback/credentials', {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, ...account, json: 'true' }),
    })
    const signedIn = [...admin.cookies.keys()].some((name) => name.includes('session-token'))
    if (!answer.ok || !signedIn)
      throw new ImportError(`could not sign in as ${account.email} (${answer.status})`)
    return admin
  }

  /** Calls an endpoint. @throws ImportError with the problem's detail */
  async call<E extends Endpoint>(endpoint: E, input: InputOf<E>): Promise<z.output<E['output']>> {
    const rest = { ...(input as Record<string, unknown>) }
    const path = endpoint.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const value = String(rest[name])
      delete rest[name]
      return encodeURIComponent(value)
    })
    const hasBody = endpoint.method === 'POST' || endpoint.method === 'PATCH'
    const response = await this.fetch(path, {
      method: endpoint.method,
      ...(hasBody && { body: JSON.stringify(rest), headers: { 'content-type': 'application/json' } }),
    })
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) throw new ImportError(`${endpoint.id} failed (${problemOf(response.status, body)})`)
    return endpoint.output.parse(body) as z.output<E['output']>
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers,
      signal,
      redirect: 'manual',
    }).catch((error: unknown) => {
      throw new ImportError(`cannot reach ${this.url} (${causeOf(error)}): is Holdfast running?`)
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? []
      if (name !== undefined && value !== undefined) this.cookies.set(name, value)
    }
    return response
  }
}
