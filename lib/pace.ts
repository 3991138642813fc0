import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { singleton } from '@/lib/singleton'

/** Milliseconds of work after which everything else has its turn. */
const SLICE_MS = 10
/** What counts of a slice at the most. */
const MOST_MS = 50
/** Items that take no more than a small part of that. */
const PART = 8_192
/** Where others use less of the event loop, there is room for both. */
const IDLE = 0.4
/** How much the last rest tells of that: one of a millisecond may be all work by chance. */
const NEWS = 0.25
/** A rest is so many times as long as the work before it where others keep the event loop busy all the time. */
const RESTS = 19

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

const state = () =>
  singleton('event-loop', () => ({
    waiting: [] as (() => void)[],
    /** Milliseconds of all such work since the last rest, */
    owed: 0,
    /** and how busy others were during the last ones, from 0 to 1. */
    busy: 0,
    isResting: false,
  }))

/**
 * One slice at a time, however many work at once, and between them a rest: a turn of the event loop at the least, and longer the
 * busier others have kept it. So what is recorded meanwhile keeps most of the thread.
 */
export const letOthers: Pause = (worked) =>
  new Promise((resolve) => {
    const shared = state()
    // What the database read meanwhile took from others, too: it counts, but not for long.
    shared.owed += Math.min(worked, MOST_MS)
    shared.waiting.push(resolve)
    if (!shared.isResting) void takeTurns(shared)
  })

async function takeTurns(shared: ReturnType<typeof state>): Promise<void> {
  shared.isResting = true
  while (shared.waiting.length > 0) {
    const before = performance.eventLoopUtilization()
    await sleep(Math.max(1, (shared.owed * RESTS * Math.max(0, shared.busy - IDLE)) / (1 - IDLE)))
    shared.owed = 0
    shared.busy += NEWS * (performance.eventLoopUtilization(before).utilization - shared.busy)
    shared.waiting.shift()?.()
    // The next rest begins after this slice.
    await new Promise(setImmediate)
  }
  shared.isResting = false
}
