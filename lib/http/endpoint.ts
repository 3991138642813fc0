import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call an endpoint.
 * - `public`: anyone
 * - `record`: a write or secret key, as a bearer token or as `writeKey` in the body
 * - `read`: a secret key, or someone signed in
 * - `viewer`, `operator`, `admin`: someone signed in with at least that role
 */
export type Access = 'public' | 'record' | 'read' | 'viewer' | 'operator' | 'admin'

/** One endpoint: what the route, the client, the OpenAPI document and the tests are all made from. */
export interface Endpoint<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  A extends Access = Access,
> {
  /** A verb and a noun, unique: the operation's id in OpenAPI and the head of its query key. */
  id: string
  method: Method
  /** With `{name}` for what is taken from the path. */
  path: string
  access: A
  summary: string
  description?: string
  /** Path, query and body together, as one object. */
  input: Input
  /** JSON only: ISO strings, no `Date`. */
  output: Output
  /** Bytes of the body at the most; 1 MB if left out. */
  maxBytes?: number
  /** What the answer is, where that is not JSON: lines of text that are sent as they are read. */
  media?: string
  /** The status of success; 200 if left out. */
  status?: number
  /** A field with which an output is a 202 instead: what was asked for goes on. */
  acceptedWith?: string
  /**
   * Seconds that browsers and caches on the way may keep a success, by address, origin and `Authorization`; none, if
   * left out. Only for what a key alone may ask for: an answer to someone signed in must not be kept.
   */
  maxAge?: A extends 'public' | 'record' ? number : never
}

export type InputOf<E extends Endpoint> = z.input<E['input']>
export type ParsedInputOf<E extends Endpoint> = z.output<E['input']>
export type OutputOf<E extends Endpoint> = z.input<E['output']>

/** Declares an endpoint, keeping the types of its input and output. */
export function endpoint<Input extends z.ZodType, Output extends z.ZodType, const A extends Access>(
  definition: Endpoint<Input, Output, A>,
): Endpoint<Input, Output, A> {
  return definition
}
