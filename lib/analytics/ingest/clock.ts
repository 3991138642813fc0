import { Problem } from '@/lib/http/problem'

/** A difference below this is the way of the request, not the clock; correcting it would give each repeat another time. */
const SKEW_MS = 5_000
const AHEAD_MS = 24 * 3600 * 1000
const OLDEST = Date.UTC(2000, 0, 1)

export interface Timing {
  /** Milliseconds since 1970. */
  at: number
  /** We made or moved the time, so a repeat of the record may get another. */
  ours: boolean
  /** The time that it came with, if a record could have been stored at that. */
  stated?: number
}

/** Milliseconds to add to the sender's times: `receivedAt − sentAt`, or 0 where that is no more than the request's way. */
export function clockSkew(sentAt: string | undefined, receivedAt: number): number {
  if (sentAt === undefined) return 0
  const skew = receivedAt - Date.parse(sentAt)
  return Math.abs(skew) < SKEW_MS ? 0 : skew
}

/**
 * When a record happened: its own time, moved by the sender's skew; when it was received, if it has none.
 *
 * @throws Problem 422 for a time before 2000 or over a day ahead
 */
export function settleTime(occurredAt: string | undefined, skew: number, receivedAt: number): Timing {
  if (occurredAt === undefined) return { at: receivedAt, ours: true }
  const stated = Date.parse(occurredAt)
  const at = stated + skew
  if (at < OLDEST || at > receivedAt + AHEAD_MS) {
    const message = at < OLDEST ? 'Before the year 2000' : 'More than a day in the future'
    throw new Problem(422, `occurredAt: ${message}`, { errors: [{ path: 'occurredAt', message }] })
  }
  const isPossible = stated >= OLDEST && stated <= receivedAt + AHEAD_MS
  return { at, ours: skew !== 0, ...(isPossible && { stated }) }
}
