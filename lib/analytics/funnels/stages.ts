import type { Conversion, Measure, StageCount } from '@/db/queries/analytics/funnels/measure-passes'
import type { FunnelStage } from '@/lib/analytics/funnels/contract'
import { ratio } from '@/lib/analytics/parameters/ratio'
import { addUp, leftOf, withRest } from '@/lib/analytics/parameters/rest'

/** A stage or step as it stands in its funnel, whether or not anyone entered it. */
export interface Place {
  name: string
  order: number
  optional: boolean
  /** Of its order among the orders, from 1: the same for alternatives. */
  rank: number
  /** Among all, from 1. */
  position: number
}

/** Entered, completed, and the one over the other. */
export const ratesOf = ({ entered, completed }: Conversion) => ({
  entered,
  completed,
  conversionRate: ratio(completed, entered),
})

/** The stages of a funnel with what was counted of them; the first order's conversion is over all that entered. */
export function stagesOf(places: Place[], counts: StageCount[], entered: number): FunnelStage[] {
  const counted = new Map(counts.map((count) => [count.position, count]))
  /** How many passed an order: its alternatives together. */
  const passed = (rank: number): number =>
    places
      .filter((place) => place.rank === rank)
      .reduce((sum, { position }) => sum + (counted.get(position)?.passed ?? 0), 0)
  return places.map(({ name, order, optional, rank, position }) => {
    const count = counted.get(position)
    const before = Math.max(
      ...places.filter((one) => one.rank < rank && !one.optional).map((one) => one.rank),
    )
    const first = !Number.isFinite(before)
    const fromPrevious = count?.afterPrevious ?? 0
    return {
      name,
      order,
      optional,
      entered: count?.entered ?? 0,
      conversionFromPrevious: ratio(fromPrevious, first ? entered : passed(before)),
      conversionFromStart: ratio(count?.afterFirst ?? 0, passed(1)),
      dropOff: first ? 0 : passed(before) - fromPrevious,
      timeToStageMs: { p50: count?.toP50 ?? null, p90: count?.toP90 ?? null },
      timeInStageMs: { p50: count?.inP50 ?? null, p90: count?.inP90 ?? null },
    }
  })
}

/** What was measured, in the shape of an answer. */
export function answerOf(places: Place[], measure: Measure) {
  const { totals, stages, series } = measure
  return {
    ...ratesOf(totals),
    stages: stagesOf(places, stages, totals.entered),
    series: series.map((point) => ({ at: point.at, ...ratesOf(point) })),
    breakdown: breakdownOf(places, measure),
  }
}

function breakdownOf(places: Place[], { totals, stages, breakdown }: Measure) {
  const toRow = (group: Conversion & { stages: StageCount[] }) => ({
    ...ratesOf(group),
    stages: stagesOf(places, group.stages, group.entered),
  })
  const stagesLeft = stages.map((stage) => leftOfStage(stage, breakdown))
  const left = {
    ...leftOf(totals, breakdown, ['entered', 'completed']),
    // In any order, a stage may count of a run that has not entered the funnel.
    counted: addUp(stagesLeft, ['entered']).entered,
  }
  return withRest(
    breakdown.map((group) => ({ value: group.value, ...toRow(group) })),
    left,
    (left) => toRow({ ...left, stages: stagesLeft }),
  )
}

/** What groups leave of a stage. */
function leftOfStage(stage: StageCount, groups: Measure['breakdown']): StageCount {
  const { position } = stage
  const shown = groups.flatMap(({ stages }) => stages.filter((count) => count.position === position))
  const left = leftOf(stage, shown, ['entered', 'passed', 'afterPrevious', 'afterFirst'])
  return { position, ...left, toP50: null, toP90: null, inP50: null, inP90: null }
}
