import type { Flow, FlowEnd } from '@/components/charts/flow'
import type { JourneyAnalytics } from './journey-totals'

/**
 * Links by position as a flow that never comes back to itself: a node is a step at its place. Where runs end, the step
 * says how: none left at it, or all that ended there did. Else they did the one or the other.
 *
 * @param rows how many rows were asked for
 * @param anchored whether paths are cut at an end step
 */
export function flowOf(
  { links, steps, transitions, started, completed }: JourneyAnalytics,
  rows: number,
  anchored: boolean,
): Flow {
  const all: FlowEnd = completed === 0 ? 'left' : completed === started ? 'completed' : 'ended'
  const onwards = new Map<string, number>()
  for (const { from, count } of transitions) onwards.set(from, (onwards.get(from) ?? 0) + count)
  const ends = new Map<string, FlowEnd>()
  for (const { name, visits, exits } of steps) {
    const endings = visits - (onwards.get(name) ?? 0)
    if (exits === 0) ends.set(name, 'completed')
    // With as many rows as were asked for there may be others, and then nobody knows what went on from here.
    else if (transitions.length < rows && exits === endings) ends.set(name, 'left')
  }
  return links.map(({ position, from, to, count }) => ({
    position,
    from,
    to: to ?? { end: anchored ? 'reached' : (ends.get(from) ?? all) },
    count,
  }))
}
