import type { EventSteps } from '@/db/queries/analytics/funnels/event-passes'
import { countByClass, type Held } from '@/db/queries/analytics/rollups/find-moments'
import type { Wanted } from '@/db/queries/analytics/rollups/moment-kinds'
import type { Pace } from '@/lib/pace'

/** Moments that are kept in memory at the most, 20 bytes each; where there are more, records are read. */
const MOMENTS = 6_000_000

/** A funnel by its place in a list, and the events that it needs. */
export interface Asked {
  index: number
  funnel: EventSteps
  wanted: Wanted[]
}

/** The events of each step, in order, then those of each exclusion. */
export const wantedOf = ({ steps, exclusions }: EventSteps): Wanted[] => [
  ...steps.map(({ match }, step) => ({ match, begins: step === 0 })),
  ...exclusions.map((match) => ({ match, begins: false })),
]

/** Funnels whose events are kept in memory together, without those that alone need too many. */
export async function groupsOf<One extends Pick<Asked, 'wanted'>>(
  asked: One[],
  held: Held,
  pace: Pace,
): Promise<One[][]> {
  const groups: One[][] = []
  const room = MOMENTS - held.late
  /** By class, the moments that the last group reads. */
  let read = new Map<number, number>()
  let size = 0
  for (const one of asked) {
    await pace.rest()
    const own = countByClass(held, one.wanted)
    const more = (known: typeof read) =>
      [...own].reduce((sum, [id, count]) => sum + Math.max(0, count - (known.get(id) ?? 0)), 0)
    const alone = more(new Map())
    if (alone > room) continue
    const group = groups.at(-1)
    if (group && size + more(read) <= room) {
      size += more(read)
      group.push(one)
    } else {
      size = alone
      read = new Map()
      groups.push([one])
    }
    for (const [id, count] of own) read.set(id, Math.max(count, read.get(id) ?? 0))
  }
  return groups
}
