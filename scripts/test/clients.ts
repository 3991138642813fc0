import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const BATCH = '/api/analytics/user/events/batch'
/** One that hangs for longer is as good as none. */
const PATIENCE_MS = 60_000

/** What clients that record without end were told. */
export interface Told {
  /** Ids of records that got a 202. */
  acknowledged: string[]
  /** The status of whatever else was answered: 0 for no answer. */
  refused: number[]
  /** How long the slowest answer took. */
  longestMs: number
}

export interface Clients {
  soFar: Told
  stop(): Promise<Told>
}

/**
 * Starts clients that record without end, each one request after the other.
 *
 * @param each how many records a request has, and the least time from one request of a client to its next
 */
export function startClients(
  url: string,
  key: string,
  name: string,
  { clients = 8, records = 1, everyMs = 0 }: { clients?: number; records?: number; everyMs?: number } = {},
): Clients {
  const soFar: Told = { acknowledged: [], refused: [], longestMs: 0 }
  let going = true

  const post = async () => {
    const ids = Array.from({ length: records }, () => randomUUID())
    const occurredAt = new Date().toISOString()
    const begun = performance.now()
    const response = await fetch(url + BATCH, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        records: ids.map((id) => ({ kind: 'event', id, name, userId: `u-${id.slice(0, 3)}`, occurredAt })),
      }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => null)
    const receipt = await response?.json().catch(() => null)
    soFar.longestMs = Math.max(soFar.longestMs, Math.round(performance.now() - begun))
    // One whose answer is cut off behind its status was told yes, too.
    if (response?.status === 202 && !receipt?.rejected.length) soFar.acknowledged.push(...ids)
    else soFar.refused.push(response?.status ?? 0)
  }
  const client = async () => {
    while (going) await Promise.all([post(), sleep(everyMs)])
  }
  const work = Promise.all(Array.from({ length: clients }, client))
  return {
    soFar,
    stop: async () => {
      going = false
      await work
      return soFar
    },
  }
}
