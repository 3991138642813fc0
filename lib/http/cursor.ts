import { Problem } from '@/lib/http/problem'

/** An opaque cursor that holds the position where a page ended. */
export function toCursor(position: string[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/**
 * The position in a cursor that we made.
 *
 * @throws Problem 422 for anything else
 */
export function fromCursor(cursor: string, length: number): string[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (
      Array.isArray(position) &&
      position.length === length &&
      position.every((part) => typeof part === 'string')
    ) {
      return position
    }
  } catch {
    // Not JSON: refused below.
  }
  throw new Problem(422, 'cursor: Not one of ours', {
    errors: [{ path: 'cursor', message: 'Take nextCursor of an answer' }],
  })
}
