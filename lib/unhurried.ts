import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** A rest is so many times as long as the work before it where others keep the event loop busy all the time. */
const RESTS = 9

/**
 * Long work on the thread that answers requests is done in slices, and rests between them: for a turn of the event loop at the
 * least, and the longer the busier others have kept it during the last rest. So recording keeps nine tenths of the thread.
 *
 * @returns what to wait for after each slice
 */
export function unhurried(): () => Promise<void> {
  let since = performance.now()
  /** Of the last rest, how much others used. */
  let share = 0
  return async () => {
    const rest = (performance.now() - since) * share * RESTS
    const before = performance.eventLoopUtilization()
    await sleep(Math.max(1, rest))
    share = performance.eventLoopUtilization(before).utilization
    since = performance.now()
  }
}
