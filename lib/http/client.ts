import { atBase } from '@/lib/http/base-path'
import type { Endpoint, InputOf, OutputOf } from '@/lib/http/endpoint'
import type { FieldError } from '@/lib/http/problem'

/** An answer that was not a success, as the browser sees it. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: FieldError[] = [],
    /** Seconds, from Retry-After. */
    readonly retryAfter?: number,
  ) {
    super(detail)
  }
}

/**
 * A name as a segment of an address. `.` and `..` mean other places there, so that they, and what would look like them so
 * written, get a `~` in front.
 */
export const toSegment = (name: string): string =>
  encodeURIComponent(/^~*\.{1,2}$/.test(name) ? `~${name}` : name)

/** The name that a segment of an address stands for. @throws URIError when it is not percent-encoded UTF-8 */
export const fromSegment = (segment: string): string =>
  decodeURIComponent(segment).replace(/^~(~*\.{1,2})$/, '$1')

/** What an address holds of an input: parameters that are not given count for nothing. */
const given = (input: unknown): [string, unknown][] =>
  Object.entries(input as object).filter(([, value]) => value !== undefined && value !== null && value !== '')

/** The key that an endpoint's answer is cached under. */
export function queryKey<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
): [string, Record<string, unknown>] {
  return [endpoint.id, Object.fromEntries(given(input).sort(([a], [b]) => a.localeCompare(b)))]
}

/** Options for `useQuery`: `useQuery(query(getEventAnalytics, {from: '-7d'}))`. */
export function query<E extends Endpoint>(endpoint: E, input: InputOf<E>) {
  const key = queryKey(endpoint, input)
  return {
    queryKey: key,
    queryFn: ({ signal }: { signal: AbortSignal }) => send(endpoint, key[1] as InputOf<E>, signal),
  }
}

/** Calls an endpoint. @throws RequestError with the problem's detail */
export async function send<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  signal?: AbortSignal,
): Promise<OutputOf<E>> {
  const rest = { ...(input as Record<string, unknown>) }
  const path = atBase(endpoint.path).replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return toSegment(value)
  })
  const inQuery = endpoint.method === 'GET' || endpoint.method === 'DELETE'
  const search = inQuery ? new URLSearchParams(given(rest) as [string, string][]).toString() : ''
  const response = await fetch(search ? `${path}?${search}` : path, {
    method: endpoint.method,
    signal,
    ...(inQuery ? {} : { body: JSON.stringify(rest), headers: { 'content-type': 'application/json' } }),
  })
  if (response.ok) return (await response.json()) as OutputOf<E>
  const problem = await response.json().catch(() => ({}))
  const retryAfter = Number(response.headers.get('retry-after')) || undefined
  throw new RequestError(
    response.status,
    problem.detail ?? `The server answered ${response.status}.`,
    problem.errors,
    retryAfter,
  )
}

export type { InputOf, OutputOf }
