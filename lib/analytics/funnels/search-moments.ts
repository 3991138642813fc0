import type { EventSteps } from '@/db/queries/analytics/funnels/event-passes'
import type { Held } from '@/db/queries/analytics/rollups/find-moments'
import { isWanted, type MomentList, type Wanted } from '@/db/queries/analytics/rollups/moment-kinds'
import type { Found } from '@/lib/analytics/funnels/measure'
import { wantedOf } from '@/lib/analytics/funnels/moment-groups'
import { numberUsers } from '@/lib/analytics/funnels/number-users'
import { findPasses } from '@/lib/analytics/funnels/passes'
import { type Timelines, timelinesOf } from '@/lib/analytics/funnels/timelines'
import type { Pace } from '@/lib/pace'

/** Bytes of what is put in order for one funnel by user and step, and of what is kept of that for others, at the most. */
const BYTES = 150_000_000

/**
 * What finds a funnel's passes in what was read; nothing where its steps, of all users read, are more than there is memory for.
 * Events that several funnels need are put in order once, as far as they have room.
 */
export async function searchIn(lists: MomentList[], { filter, users }: Held, pace: Pace) {
  const count = await numberUsers(lists, users, pace)
  const known = new Map<string, Timelines>()
  let size = 0
  const eventsOf = async (wanted: Wanted[]): Promise<Timelines> => {
    const key = JSON.stringify(wanted)
    const there = known.get(key)
    if (there) return there
    const own = lists.filter((list) => wanted.some((one) => isWanted(list, one, filter)))
    const events = await timelinesOf(own, count, pace)
    size += events.starts.byteLength + events.times.byteLength
    if (size > BYTES) {
      known.clear()
      size = events.starts.byteLength + events.times.byteLength
    }
    known.set(key, events)
    return events
  }
  return async (funnel: EventSteps): Promise<Found | undefined> => {
    // Where each user's events begin, and when each pass took a step.
    const perUser = Int32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT
    if (count * funnel.steps.length * perUser > BYTES) return undefined
    const wanted = wantedOf(funnel)
    const steps = []
    for (const [step, { optional }] of funnel.steps.entries()) {
      steps.push({ events: await eventsOf(wanted.slice(step, step + 1)), optional })
    }
    const excluded = await eventsOf(wanted.slice(steps.length))
    const passes = await findPasses({ steps, excluded, windowUs: funnel.windowMs * 1_000 }, count, pace)
    return { passes, optional: steps.map(({ optional }) => optional) }
  }
}
