import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds of work after which everything else has its turn. */
const SLICE_MS = 10
/** Items that take no more than a small part of that. */
const PART = 8_192
/** A rest is so many times as long as the work before it where others keep the event loop busy all the time. */
const RESTS = 9

/** Lets others have the event loop, after so many milliseconds of work. */
export type Pause = (worked: number) => Promise<void>

/** Long work on the thread that answers requests: it is done in parts, with a pause between them when it is time for one. */
export interface Pace {
  /** To be called between two parts of the work. */
  rest(): Promise<void>
  /** Works through so many items, those from one number to before another at once. */
  inParts(count: number, work: (from: number, to: number) => void): Promise<void>
}

export function paceOf(pause: Pause = letOthers): Pace {
  let begun = performance.now()
  const rest = async () => {
    const worked = performance.now() - begun
    if (worked < SLICE_MS) return
    await pause(worked)
    begun = performance.now()
  }
  const inParts = async (count: number, work: (from: number, to: number) => void) => {
    for (let from = 0; from < count; from += PART) {
      work(from, Math.min(from + PART, count))
      await rest()
    }
  }
  return { rest, inParts }
}

const waiting: (() => void)[] = []
/** Milliseconds of all such work since the last rest, and how much of that rest others used. */
let owed = 0
let share = 0
let isResting = false

/**
 * One slice at a time, however many work at once, and between them a rest: a turn of the event loop at the least, and longer the
 * busier others have kept it. So what is recorded meanwhile keeps nine tenths of the thread.
 */
export const letOthers: Pause = (worked) =>
  new Promise((resolve) => {
    owed += worked
    waiting.push(resolve)
    if (!isResting) void takeTurns()
  })

async function takeTurns(): Promise<void> {
  isResting = true
  while (waiting.length > 0) {
    const before = performance.eventLoopUtilization()
    await sleep(Math.max(1, owed * share * RESTS))
    owed = 0
    share = performance.eventLoopUtilization(before).utilization
    waiting.shift()?.()
    // The next rest begins after this slice.
    await new Promise(setImmediate)
  }
  isResting = false
}
