import { setTimeout as sleep } from 'node:timers/promises'
import { causeOf, ImportError, problemOf } from './fail'

export interface Patience {
  /** Milliseconds after which a request that keeps failing is given up. */
  giveUpMs: number
  /** Milliseconds that one attempt may take. */
  attemptMs: number
  /** Milliseconds before the first repeat; each later wait is twice as long. */
  firstWaitMs: number
}

export const patience: Patience = { giveUpMs: 60_000, attemptMs: 30_000, firstWaitMs: 250 }

export interface Answer {
  status: number
  /** Null for what is not JSON. */
  body: unknown
}

const LONGEST_WAIT_MS = 10_000
const REPEATABLE = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Sends a request that may be repeated until it has a lasting answer: waits as long as `Retry-After` says, or ever
 * longer, after 408, 425, 429, 5xx or no answer at all.
 *
 * @param signal stops the waiting as well
 * @throws ImportError after about a minute, or at once for a wait that would not fit into it
 */
export async function sendPatiently(
  url: string,
  init: RequestInit,
  signal: AbortSignal,
  { giveUpMs, attemptMs, firstWaitMs }: Patience = patience,
): Promise<Answer> {
  const start = performance.now()
  for (let attempt = 0; ; attempt += 1) {
    const left = giveUpMs - (performance.now() - start)
    const timeout = AbortSignal.timeout(Math.max(1, Math.min(attemptMs, Math.ceil(left))))
    let fault: string
    let told: number | undefined
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, timeout]) })
      // Read here, because an answer that breaks off is a reason to repeat as well.
      const answer = { status: response.status, body: jsonOf(await response.text()) }
      if (!REPEATABLE.has(answer.status)) return answer
      told = retryAfterMs(response.headers.get('retry-after'))
      fault = problemOf(answer.status, answer.body)
    } catch (error) {
      signal.throwIfAborted()
      fault = causeOf(error)
    }
    // Requests that failed together must not come back together.
    const own = Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** attempt) * (0.5 + Math.random() / 2)
    const wait = Math.max(own, told ?? 0)
    const spent = performance.now() - start
    if (spent + wait > giveUpMs) {
      const seconds = Math.round(spent / 1000)
      const asks = told !== undefined && told > own ? `, and asks to wait ${Math.ceil(told / 1000)} s` : ''
      throw new ImportError(`gave up after ${seconds} s: ${url} keeps failing (${fault})${asks}`)
    }
    await sleep(wait, undefined, { signal })
  }
}

/** `Retry-After` in milliseconds: seconds or a date. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
