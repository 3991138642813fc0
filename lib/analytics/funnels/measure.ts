import type { Conversion, Measure, StageCount } from '@/db/queries/analytics/funnels/measure-passes'
import type { Intervals } from '@/db/queries/analytics/intervals'
import { select } from '@/lib/analytics/funnels/order'
import { NEVER, type Passes } from '@/lib/analytics/funnels/passes'
import type { Pace } from '@/lib/pace'

/** Passes that were found, and of which steps. */
export interface Found {
  passes: Passes
  /** Of each step, whether it is. */
  optional: boolean[]
}

/** How many users entered and completed. */
export async function countFound({ passes }: Found, pace: Pace): Promise<Conversion> {
  const last = passes.at(-1) as Float64Array
  let completed = 0
  await pace.inParts(last.length, (from, to) => {
    for (let pass = from; pass < to; pass++) if ((last[pass] as number) < NEVER) completed++
  })
  return { entered: last.length, completed }
}

/** What `measurePasses` counts, without a breakdown. */
export async function measureFound(found: Found, intervals: Intervals, pace: Pace): Promise<Measure> {
  const totals = await countFound(found, pace)
  const stages: StageCount[] = []
  for (let step = 0; totals.entered > 0 && step < found.passes.length; step++) {
    stages.push(await measureStage(found, step, pace))
  }
  return { totals, stages, series: await seriesOf(found, intervals, pace), breakdown: [] }
}

async function measureStage({ passes, optional }: Found, step: number, pace: Pace): Promise<StageCount> {
  const [first, own] = [passes[0], passes[step]] as [Float64Array, Float64Array]
  // The next step taken is the next that is not optional, or one before that.
  const required = optional.findIndex((is, other) => other > step && !is)
  const next = passes.slice(step + 1, required + 1)
  const toUs = new Float64Array(own.length)
  const inUs = new Float64Array(own.length)
  let entered = 0
  let left = 0
  await pace.inParts(own.length, (from, to) => {
    for (let pass = from; pass < to; pass++) {
      const at = own[pass] as number
      if (at === NEVER) continue
      toUs[entered++] = at - (first[pass] as number)
      for (const times of next) {
        const until = times[pass] as number
        if (until === NEVER) continue
        inUs[left++] = until - at
        break
      }
    }
  })
  const [toP50, toP90] = await percentilesOf(toUs.subarray(0, entered), pace)
  const [inP50, inP90] = await percentilesOf(inUs.subarray(0, left), pace)
  const counts = { entered, passed: entered, afterPrevious: entered, afterFirst: entered }
  return { position: step + 1, ...counts, toP50, toP90, inP50, inP90 }
}

/** The median and the 90th percentile in milliseconds, as percentile_cont has them, of microseconds in any order. */
async function percentilesOf(values: Float64Array, pace: Pace): Promise<[number | null, number | null]> {
  const { length } = values
  if (length === 0) return [null, null]
  let sorted = 0
  const percentile = async (share: number) => {
    const place = share * (length - 1)
    const below = Math.floor(place)
    await select(values, below, sorted, length, pace)
    sorted = below
    const low = values[below] as number
    let high = place > below ? NEVER : low
    for (let index = below + 1; place > below && index < length; index++) {
      high = Math.min(high, values[index] as number)
    }
    return (low + (high - low) * (place - below)) / 1_000
  }
  return [await percentile(0.5), await percentile(0.9)]
}

async function seriesOf(
  { passes }: Found,
  { starts, end }: Intervals,
  pace: Pace,
): Promise<Measure['series']> {
  const [first, last] = [passes[0], passes.at(-1)] as [Float64Array, Float64Array]
  const bounds = Float64Array.from([...starts, end], (at) => Date.parse(at) * 1_000)
  // One more than there are intervals: of the passes after the last one.
  const entered = new Uint32Array(bounds.length)
  const completed = new Uint32Array(bounds.length)
  await pace.inParts(first.length, (from, to) => {
    for (let pass = from; pass < to; pass++) {
      const place = lastUpTo(bounds, first[pass] as number)
      entered[place] = (entered[place] as number) + 1
      if ((last[pass] as number) < NEVER) completed[place] = (completed[place] as number) + 1
    }
  })
  return starts.map((at, place) => ({
    at,
    entered: entered[place] as number,
    completed: completed[place] as number,
  }))
}

/** The place of the last of some sorted numbers that is not greater than another one. */
function lastUpTo(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
