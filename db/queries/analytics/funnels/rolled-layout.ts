import type { TrackedStage } from '@/db/queries/analytics/funnels/tracked-funnel'
import type { FactCount } from '@/db/queries/analytics/rollups/runs/question'

/** A fact about a funnel's runs that holds: see `funnelFacts`. */
export interface HeldFact extends FactCount {
  fact: string
}

/** The stages of a funnel as its runs have them, and the facts that hold by their orders. */
export interface Layout {
  stages: TrackedStage[]
  facts: HeldFact[]
}

/**
 * Reads facts of one funnel.
 *
 * @returns nothing where they do not say enough: a stage has had two orders, or a run more stages than facts tell apart
 */
export function layoutOf(counts: FactCount[]): Layout | undefined {
  const facts = counts.map((count) => ({ ...count, ...partsOf(count.category) }))
  const pairs = new Map(
    facts
      .filter(({ fact }) => fact === 'order')
      .map(({ type, rests }) => [`${rests} ${type}`, { type, rests }]),
  )
  const names = new Set([...pairs.values()].map(({ type }) => type))
  if (names.size < pairs.size || facts.some(({ fact }) => fact === 'long')) return undefined
  const stages = [...pairs.values()]
    .map(({ type, rests }) => ({ name: type, order: Number(rests) }))
    .sort((a, b) => a.order - b.order || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  const orders = [...new Set(stages.map(({ order }) => order))]
  const lowest = `${orders.join('.')}.`
  return {
    stages: stages.map((stage, index) => ({
      ...stage,
      rank: orders.indexOf(stage.order) + 1,
      position: index + 1,
    })),
    facts: facts.filter(
      ({ fact, rests, unless }) =>
        fact !== 'order' &&
        (rests === '' || lowest.startsWith(`${rests}.`)) &&
        (unless === '' || !lowest.startsWith(`${unless}.`)),
    ),
  }
}

function partsOf(category: string) {
  const [fact = '', orders = ''] = category.split(':')
  const [rests = '', unless = ''] = orders.split('|')
  return { fact, rests, unless }
}
