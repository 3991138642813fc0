/** Something that stops the import and that one line explains to whoever started it. */
export class ImportError extends Error {}

/** An answer in one phrase: its status, and the detail of its problem document where it has one. */
export function problemOf(status: number, body: unknown): string {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined
  return typeof detail === 'string' ? `${status}: ${detail}` : `status ${status}`
}

/** What went wrong with a request that got no answer, in a few words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { cause } = error
  // A refused connection to a name with several addresses has an empty message and a code.
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code || (cause instanceof Error && cause.message) || error.message
}
