import type { FunnelStage } from '@/lib/analytics/funnels/contract'

/** What the slow and obvious references of the two kinds of funnel share. */

/** A pass or run as a reference sees it. */
export interface Pass {
  at: number
  value: string | null
  entered: boolean
  completed: boolean
  /** By position of the stage: when it was entered, as far as it counts. */
  entries: Map<number, number>
  completedAt?: number
}

export interface PassStage {
  name: string
  order: number
  optional: boolean
}

const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole)

export const rates = (passes: Pass[]) => {
  const entered = passes.filter((pass) => pass.entered).length
  const completed = passes.filter((pass) => pass.completed).length
  return { entered, completed, conversionRate: ratio(completed, entered) }
}

/** As PostgreSQL's percentile_cont has it. */
export function percentile(values: number[], at: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const place = at * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place))
}

/** The stages of an answer, from the passes one by one. */
export function stagesFrom(stages: PassStage[], passes: Pass[]): FunnelStage[] {
  const orders = [...new Set(stages.map((stage) => stage.order))]
  const has = (pass: Pass, order: number | undefined) =>
    stages.some((stage, position) => stage.order === order && pass.entries.has(position))
  return stages.map((stage, position) => {
    const here = passes.filter((pass) => pass.entries.has(position))
    const before = orders
      .filter((order) => order < stage.order)
      .findLast((order) => stages.some((one) => one.order === order && !one.optional))
    const passedBefore = passes.filter((pass) => (before === undefined ? pass.entered : has(pass, before)))
    const both = here.filter((pass) => passedBefore.includes(pass)).length
    const started = passes.filter((pass) => has(pass, orders[0]))
    const toMs = here.map(
      (pass) => (pass.entries.get(position) as number) - Math.min(...pass.entries.values()),
    )
    const inMs = here.flatMap((pass) => {
      const at = pass.entries.get(position) as number
      const next = [...pass.entries]
        .filter(([other, time]) => time > at || (time === at && other > position))
        .map(([, time]) => time)
      if (pass.completedAt !== undefined && pass.completedAt >= at) next.push(pass.completedAt)
      return next.length === 0 ? [] : [Math.min(...next) - at]
    })
    return {
      ...stage,
      entered: here.length,
      conversionFromPrevious: ratio(both, passedBefore.length),
      conversionFromStart: ratio(here.filter((pass) => started.includes(pass)).length, started.length),
      dropOff: before === undefined ? 0 : passedBefore.length - both,
      timeToStageMs: { p50: percentile(toMs, 0.5), p90: percentile(toMs, 0.9) },
      timeInStageMs: { p50: percentile(inMs, 0.5), p90: percentile(inMs, 0.9) },
    }
  })
}

/** The breakdown of an answer. */
export function breakdownFrom(stages: PassStage[], passes: Pass[]) {
  const values = [...new Set(passes.map((pass) => pass.value))]
  return values
    .map((value) => {
      const some = passes.filter((pass) => pass.value === value)
      return { value, ...rates(some), stages: stagesFrom(stages, some) }
    })
    .sort((a, b) => b.entered - a.entered || ((a.value ?? '~') < (b.value ?? '~') ? -1 : 1))
}

/** The series of an answer, over the intervals that the answer has. */
export function seriesFrom(starts: string[], passes: Pass[]) {
  return starts.map((at, index) => {
    const end = starts[index + 1]
    const some = passes.filter(
      (pass) => pass.at >= Date.parse(at) && (end === undefined || pass.at < Date.parse(end)),
    )
    return { at, ...rates(some) }
  })
}

/** A value with its fractions cut, so that sums of floating point compare. */
export const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? Math.round(one * 1e6) / 1e6 : one))
