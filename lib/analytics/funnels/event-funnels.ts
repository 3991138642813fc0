import { countEventFunnel, measureEventFunnel } from '@/db/queries/analytics/funnels/event-funnel'
import { areDistinct, type EventSteps } from '@/db/queries/analytics/funnels/event-passes'
import type { Conversion, Measure, MeasureOptions } from '@/db/queries/analytics/funnels/measure-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import { fromMoments } from '@/lib/analytics/funnels/from-moments'
import { countFound, measureFound } from '@/lib/analytics/funnels/measure'
import type { Source } from '@/lib/database'
import { wasStopped } from '@/lib/database/reads'

/** A list of funnels is not waited for much longer. */
const PATIENCE_MS = 10_000
/** Funnels that are counted from records at once. */
const AT_ONCE = 2

/** A funnel from events: from the rollups' moments where they tell enough, else from records. */
export async function measureEvents(
  source: Source,
  funnel: EventSteps,
  filter: RecordFilter,
  options: MeasureOptions,
): Promise<Measure> {
  const measures =
    options.breakdown === undefined
      ? await fromMoments({ source, funnels: [funnel], filter }, (found, pace) =>
          measureFound(found, options.intervals, pace),
        )
      : []
  return measures[0] ?? measureEventFunnel(source.db, funnel, filter, options)
}

/**
 * How many users entered and completed each of some funnels from events: the totals of `measureEvents`. Nothing for those that
 * there was no time left for, or that take longer than any answer may.
 *
 * @param patienceMs after this long none is begun
 */
export async function countEvents(
  source: Source,
  funnels: EventSteps[],
  filter: RecordFilter,
  patienceMs = PATIENCE_MS,
): Promise<(Conversion | undefined)[]> {
  const until = performance.now() + patienceMs
  const counts = await fromMoments(
    { source, funnels: funnels.map(withoutOptional), filter, until },
    countFound,
  )
  const queue = funnels.entries()
  const worker = async () => {
    for (const [index, funnel] of queue) {
      if (performance.now() >= until) return
      counts[index] ??= await countEventFunnel(source.db, funnel, filter).catch((error: unknown) => {
        if (wasStopped(error)) return undefined
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return counts
}

/** The same for whoever enters and completes it; where events serve two steps, the optional ones decide on their order. */
const withoutOptional = (funnel: EventSteps): EventSteps =>
  areDistinct(funnel) ? { ...funnel, steps: funnel.steps.filter(({ optional }) => !optional) } : funnel
