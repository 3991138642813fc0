import type { Db } from '@/db/connect'
import { groupBy } from '@/db/group-by'
import {
  type Conversion,
  type Measure,
  type MeasureOptions,
  type StageCount,
  VALUES,
} from '@/db/queries/analytics/funnels/measure-passes'
import { type HeldFact, layoutOf } from '@/db/queries/analytics/funnels/rolled-layout'
import type { TrackedStage } from '@/db/queries/analytics/funnels/tracked-funnel'
import {
  keyOf,
  measureFactDurations,
  type Percentiles,
} from '@/db/queries/analytics/rollups/runs/fact-durations'
import { countFacts, type FactCount, type FactQuestion } from '@/db/queries/analytics/rollups/runs/question'

/**
 * A tracked funnel in strict order and without a window, by the facts about its runs: what `measureTrackedFunnel` gives
 * by their records.
 *
 * @returns nothing where facts do not say enough
 */
export async function measureRolledFunnel(
  db: Db,
  question: FactQuestion,
  { intervals, breakdown }: MeasureOptions,
): Promise<(Measure & { names: TrackedStage[] }) | undefined> {
  const by = breakdown === undefined ? [] : [breakdown]
  const grouping = { intervals, by }
  const layout = layoutOf(await countFacts(db, question, 'funnel_run', grouping))
  if (!layout) return undefined
  const { stages, facts } = layout
  const targets = targetsOf(facts)
  const [times, timesByValue] = await Promise.all([
    measureFactDurations(db, question, 'funnel_run', targets),
    breakdown === undefined ? undefined : measureFactDurations(db, question, 'funnel_run', targets, { by }),
  ])
  const series = groupBy(facts, ({ at }) => at)
  const groups = [...groupBy(facts, ({ value }) => value)].map(([value, facts]) => ({
    value: value === '' ? null : value,
    ...conversionOf(facts),
    stages: stageCounts(stages, facts, timesByValue ?? times, value),
  }))
  return {
    names: stages,
    totals: conversionOf(facts),
    stages: stageCounts(stages, facts, times),
    series: intervals.starts.map((at) => ({ at, ...conversionOf(series.get(at) ?? []) })),
    breakdown: breakdown === undefined ? [] : groups.sort(mostFirst).slice(0, VALUES),
  }
}

/** Every tracked funnel with runs in the range; nothing where facts do not say enough about one. */
export async function listRolledFunnels(
  db: Db,
  question: FactQuestion,
): Promise<(Conversion & { name: string })[] | undefined> {
  const funnels = [...groupBy(await countFacts(db, question, 'funnel_run', {}), ({ name }) => name)]
  const layouts = funnels.map(([name, counts]) => ({ name, layout: layoutOf(counts) }))
  if (layouts.some(({ layout }) => !layout)) return undefined
  return layouts.map(({ name, layout }) => ({ name, ...conversionOf(layout?.facts ?? []) }))
}

const sum = (facts: FactCount[]): number => facts.reduce((total, { count }) => total + count, 0)

function conversionOf(facts: HeldFact[]): Conversion {
  const completed = sum(facts.filter(({ fact }) => fact === 'completed'))
  return { completed, entered: completed + sum(facts.filter(({ fact }) => fact === 'entered')) }
}

/** What is counted of each stage that a run has entered. */
function stageCounts(
  stages: TrackedStage[],
  facts: HeldFact[],
  times: Map<string, Percentiles>,
  value?: string,
): StageCount[] {
  const ofStage = groupBy(facts, ({ type }) => type)
  return stages.flatMap(({ name, position }) => {
    const own = ofStage.get(name) ?? []
    const passed = sum(own.filter(({ fact }) => fact === 'first'))
    const entered = passed + sum(own.filter(({ fact }) => fact === 'later'))
    if (entered === 0) return []
    const to = times.get(keyOf(targetOf('to', name), value))
    const within = times.get(keyOf(targetOf('in', name), value))
    // In strict order, who entered a stage passed every order before it.
    const counts = { entered, passed, afterPrevious: entered, afterFirst: entered }
    return [
      {
        position,
        ...counts,
        toP50: to?.p50 ?? null,
        toP90: to?.p90 ?? null,
        inP50: within?.p50 ?? null,
        inP90: within?.p90 ?? null,
      },
    ]
  })
}

const targetOf = (time: 'to' | 'in', stage: string): string => `${time} ${stage}`

function targetsOf(facts: HeldFact[]) {
  const timed = facts.filter(({ fact }) => ['first', 'later', 'in'].includes(fact))
  const distinct = new Map(timed.map((fact) => [`${fact.category} ${fact.type}`, fact]))
  return [...distinct.values()].map(({ fact, type, category }) => ({
    target: targetOf(fact === 'in' ? 'in' : 'to', type),
    type,
    category,
  }))
}

const mostFirst = (
  a: Conversion & { value: string | null },
  b: Conversion & { value: string | null },
): number =>
  b.entered - a.entered ||
  Buffer.compare(Buffer.from(a.value ?? '\u{10ffff}'), Buffer.from(b.value ?? '\u{10ffff}'))
