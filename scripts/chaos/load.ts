import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** Requests that may be under way at once: what comes on top is not sent, and said. */
const IN_FLIGHT = 1_000
const EVERY_MS = 20
/** Records in a request, as a tracker gathers them: single ones would measure how many requests two cores can take. */
const TOGETHER = 5

/** What clients sent and what they were told. */
export interface Load {
  acknowledged: Set<string>
  /** Requests by their answer's status; `none` had no answer, `rejected` a record that was not taken. */
  statuses: Map<number | 'none' | 'rejected', number>
  skipped: number
  /** The longest time that an answer took since `mark` was called, in milliseconds. */
  slowestMs: number
  mark(): void
  stop(): Promise<void>
}

/** Clients that post records over HTTP, some in each request, so many records a second. */
export function startLoad(url: string, key: string, name: string, perSecond: number): Load {
  let going = true
  let inFlight = 0
  const load: Load = {
    acknowledged: new Set(),
    statuses: new Map(),
    skipped: 0,
    slowestMs: 0,
    mark: () => {
      load.slowestMs = 0
    },
    stop: async () => {
      going = false
      await sending
      for (const deadline = Date.now() + 20_000; inFlight > 0 && Date.now() < deadline; ) await sleep(20)
    },
  }
  const post = async () => {
    const begun = Date.now()
    const ids = Array.from({ length: TOGETHER }, () => randomUUID())
    const records = ids.map((id) => ({
      ...{ kind: 'event', id, name, userId: `u-${id.slice(0, 3)}` },
      occurredAt: new Date(begun).toISOString(),
    }))
    const status = await fetch(`${url}/api/analytics/user/events/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ records }),
      signal: AbortSignal.timeout(20_000),
    }).then(
      async (response) => {
        const { rejected } = await response.json()
        return response.status === 202 && rejected.length > 0 ? ('rejected' as const) : response.status
      },
      () => 'none' as const,
    )
    load.statuses.set(status, (load.statuses.get(status) ?? 0) + 1)
    if (status === 202) {
      for (const id of ids) load.acknowledged.add(id)
      load.slowestMs = Math.max(load.slowestMs, Date.now() - begun)
    }
  }
  const send = async () => {
    let due = 0
    for (let last = performance.now(); going; await sleep(EVERY_MS)) {
      const now = performance.now()
      due += ((now - last) / 1000) * (perSecond / TOGETHER)
      last = now
      for (; due >= 1; due--) {
        if (inFlight >= IN_FLIGHT) load.skipped += 1
        else {
          inFlight += 1
          void post().finally(() => {
            inFlight -= 1
          })
        }
      }
    }
  }
  const sending = send()
  return load
}
