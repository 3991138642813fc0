/** Milliseconds of work after which everything else has its turn. */
const SLICE_MS = 10
/** Items that take no more than a small part of that. */
const PART = 8_192

/** Lets the event loop turn. */
export type Pause = () => Promise<void>

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
    if (performance.now() - begun < SLICE_MS) return
    await pause()
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

/** Until the event loop has turned: once for each that waits, so that however many work at once, only one slice lies between. */
export const letOthers: Pause = () =>
  new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(goOn)
  })

function goOn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(goOn)
}
