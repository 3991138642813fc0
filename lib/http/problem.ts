import type { z } from 'zod'

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid input',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Not available for the moment',
}

export interface FieldError {
  /** Dotted, such as `records.3.name`; empty for the whole. */
  path: string
  message: string
}

export interface ProblemOptions {
  errors?: FieldError[]
  /** Seconds after which a retry can help. */
  retryAfter?: number
  headers?: Record<string, string>
  cause?: unknown
}

/** An answer that is not a success: thrown anywhere below a route, sent as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  readonly errors?: FieldError[]
  readonly retryAfter?: number
  private readonly headers: Record<string, string>

  constructor(
    readonly status: number,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause })
    this.errors = options.errors
    this.retryAfter = options.retryAfter
    this.headers = options.headers ?? {}
  }

  toResponse(): Response {
    const body = {
      type: 'about:blank',
      title: titles[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      errors: this.errors,
    }
    const headers = new Headers({
      ...this.headers,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    })
    if (this.retryAfter !== undefined)
      headers.set('retry-after', String(Math.max(1, Math.ceil(this.retryAfter))))
    return new Response(JSON.stringify(body), { status: this.status, headers })
  }
}

/** Zod's issues as field errors, at most 50 of them. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.slice(0, 50).map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
}

/** The 422 for input that a schema refuses. */
export function invalid(error: z.ZodError): Problem {
  const errors = fieldErrors(error)
  const first = errors[0]
  return new Problem(
    422,
    first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'Invalid input',
    { errors },
  )
}

/** The 503 while the database does not answer or takes no writes. */
export function unavailable(cause?: unknown, retryAfter = 2): Problem {
  return new Problem(
    503,
    'The database is not available for the moment. Try again; a record sent again with its id is counted once.',
    {
      retryAfter,
      cause,
    },
  )
}
