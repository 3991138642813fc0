import { Problem, unavailable } from '@/lib/http/problem'

/** Codes of the driver for a connection that failed or was lost, and of the system below it. */
const lost = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
])

/** The code of a PostgreSQL or driver error, looked for down the chain of causes. */
export function errorCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string') return code
  }
  return undefined
}

/**
 * The problem that a database's error means to a client: 503 when it is away, read-only, full or too busy, 422 when a
 * value cannot be stored or understood (SQLSTATE class 22); nothing for what is a fault of ours.
 */
export function databaseProblem(error: unknown): Problem | undefined {
  const code = errorCode(error)
  if (!code) return undefined
  if (
    lost.has(code) ||
    /^(08|53|57|58)/.test(code) ||
    code === '25006' ||
    code === '40P01' ||
    code === '40001'
  ) {
    return unavailable(error)
  }
  if (code.startsWith('22'))
    return new Problem(422, 'The database cannot take one of the values.', { cause: error })
  return undefined
}
