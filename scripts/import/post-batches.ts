import { trackBatch } from '@/lib/analytics/events/contract'
import { recordReceipt } from '@/lib/analytics/recording/contract'
import { ImportError, problemOf } from './fail'
import type { Batch } from './make-batches'
import { type Patience, patience, sendPatiently } from './send-patiently'

export interface Target {
  /** Where the product is, without a slash at the end. */
  url: string
  key: string
}

/** What the API said of the records that it was sent. */
export interface Totals {
  sent: number
  accepted: number
  duplicates: number
  dropped: number
  rejected: number
  /** The first reasons for a refusal. */
  reasons: string[]
}

const IN_FLIGHT = 3
const REASONS = 5

/** Nothing sent yet. */
export const noTotals = (): Totals => ({
  sent: 0,
  accepted: 0,
  duplicates: 0,
  dropped: 0,
  rejected: 0,
  reasons: [],
})

/**
 * Posts batches, three at a time, and adds the answers up in `totals`. The server knows a repeated record by its id, so
 * a batch whose answer was lost is sent again.
 *
 * @param onPosted called after each batch
 * @throws ImportError when the server refuses a batch as a whole or cannot be reached for about a minute; the batches
 *   in flight are stopped then, and `totals` holds what was taken until there
 */
export async function postBatches(
  batches: AsyncIterable<Batch>,
  target: Target,
  totals: Totals,
  options: { signal: AbortSignal; onPosted?: () => void; patience?: Patience },
): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const queue = batches[Symbol.asyncIterator]()
  // An async generator answers calls of next() in their order, so several posters may draw from one.
  const poster = async (): Promise<void> => {
    for (let next = await queue.next(); !next.done; next = await queue.next()) {
      signal.throwIfAborted()
      add(totals, next.value, await postBatch(next.value, target, signal, options.patience))
      options.onPosted?.()
    }
  }
  const posters = Array.from({ length: IN_FLIGHT }, () =>
    poster().catch((error: unknown) => {
      // The first fault is the one to tell of: the others are stopped because of it.
      stop.abort(error)
    }),
  )
  // Not only the posters: one that waits for standard input would not see that it is to stop.
  await Promise.race([Promise.all(posters), aborted(signal)])
  signal.throwIfAborted()
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

async function postBatch(batch: Batch, { url, key }: Target, signal: AbortSignal, wait: Patience = patience) {
  const { status, body } = await sendPatiently(
    `${url}${trackBatch.path}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: batch.body,
    },
    signal,
    wait,
  )
  if (status !== 202) throw new ImportError(`the server refused a batch (${problemOf(status, body)})`)
  const receipt = recordReceipt.safeParse(body)
  if (!receipt.success) throw new ImportError(`${url} does not answer like Holdfast`)
  return receipt.data
}

type Receipt = Awaited<ReturnType<typeof postBatch>>

function add(totals: Totals, batch: Batch, receipt: Receipt): void {
  totals.sent += batch.records
  totals.accepted += receipt.accepted
  totals.duplicates += receipt.duplicates
  totals.dropped += receipt.dropped
  totals.rejected += receipt.rejected.length
  for (const { path, message } of receipt.rejected) {
    const reason = path ? `${path}: ${message}` : message
    if (totals.reasons.length < REASONS && !totals.reasons.includes(reason)) totals.reasons.push(reason)
  }
}
