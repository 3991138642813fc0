import { countEventFunnel, measureEventFunnel } from '@/db/queries/analytics/funnels/event-funnel'
import { areDistinct, type EventSteps } from '@/db/queries/analytics/funnels/event-passes'
import type { Conversion, Measure, MeasureOptions } from '@/db/queries/analytics/funnels/measure-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import {
  countByClass,
  findMoments,
  type Held,
  isKept,
  isWanted,
  type MomentList,
  readMoments,
  type Wanted,
} from '@/db/queries/analytics/rollups/read-moments'
import { countFound, type Found, measureFound } from '@/lib/analytics/funnels/measure'
import { numberUsers } from '@/lib/analytics/funnels/number-users'
import { findPasses } from '@/lib/analytics/funnels/passes'
import { type Timelines, timelinesOf } from '@/lib/analytics/funnels/timelines'
import { type Source, snapshotOf } from '@/lib/database'
import { checkAwaited } from '@/lib/database/reads'
import { currentRequest } from '@/lib/http/request'
import { log } from '@/lib/log'
import { letOthers, type Pace, paceOf } from '@/lib/pace'
import { singleton } from '@/lib/singleton'
import { Turns } from '@/lib/turns'

/** Moments that are kept in memory at the most, 20 bytes each; where there are more, records are read. */
const MOMENTS = 6_000_000
/** Bytes of what is put in order for one funnel by user and step, and of what is kept of that for others, at the most. */
const BYTES = 150_000_000
/** A list of funnels is not waited for much longer. */
const PATIENCE_MS = 10_000
/** Funnels that are counted from records at once, and readings of moments that are in memory at once. */
const AT_ONCE = 2
/** No more are ever asked at once: what charts ask has turns before. */
const WAITING = 60

const turns = () =>
  singleton('funnels.moments', () => new Turns({ atOnce: AT_ONCE, eachWaits: WAITING, allWait: WAITING }))

/** A funnel from events: from the rollups' moments where they tell enough, else from records. */
export async function measureEvents(
  source: Source,
  funnel: EventSteps,
  filter: RecordFilter,
  options: MeasureOptions,
): Promise<Measure> {
  const measures =
    options.breakdown === undefined
      ? await fromMoments(source, [funnel], filter, (found, pace) =>
          measureFound(found, options.intervals, pace),
        )
      : []
  return measures[0] ?? measureEventFunnel(source.db, funnel, filter, options)
}

/**
 * How many users entered and completed each of some funnels from events: the totals of `measureEvents`.
 *
 * @param patienceMs after this long none is begun to be counted from records: nothing for those that are left
 */
export async function countEvents(
  source: Source,
  funnels: EventSteps[],
  filter: RecordFilter,
  patienceMs = PATIENCE_MS,
): Promise<(Conversion | undefined)[]> {
  const begun = performance.now()
  const counts = await fromMoments(source, funnels.map(withoutOptional), filter, countFound)
  const queue = funnels.entries()
  const worker = async () => {
    for (const [index, funnel] of queue) {
      if (performance.now() - begun >= patienceMs) return
      counts[index] ??= await countEventFunnel(source.db, funnel, filter)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return counts
}

/** The same for whoever enters and completes it; where events serve two steps, the optional ones decide on their order. */
const withoutOptional = (funnel: EventSteps): EventSteps =>
  areDistinct(funnel) ? { ...funnel, steps: funnel.steps.filter(({ optional }) => !optional) } : funnel

/** A funnel by its place in a list, and the events that it needs. */
interface Asked {
  index: number
  funnel: EventSteps
  wanted: Wanted[]
}

/** What is made of the passes of a funnel. */
type Work<Result> = (found: Found, pace: Pace) => Promise<Result>

/**
 * What `work` makes of each funnel's passes, which are found in moments; nothing of those that moments do not tell enough of.
 * Events are read once for as many funnels as the limit has room for.
 */
async function fromMoments<Result>(
  source: Source,
  funnels: EventSteps[],
  filter: RecordFilter,
  work: Work<Result>,
): Promise<(Result | undefined)[]> {
  const asked = [...funnels.entries()]
    .filter(([, funnel]) => isTold(funnel, filter))
    .map(([index, funnel]) => ({ index, funnel, wanted: wantedOf(funnel) }))
  const results: (Result | undefined)[] = funnels.map(() => undefined)
  if (asked.length === 0) return results
  const request = currentRequest()
  const counted = await turns().take(
    String(request?.caller),
    () =>
      snapshotOf(source, async (tx) => {
        const names = new Set(
          asked.flatMap(({ wanted }) => wanted.map(({ match }) => match.equal.name as string)),
        )
        const held = await findMoments(tx, filter, [...names])
        if (!held) return results
        const begun = performance.now()
        const pace = paceOf(async (worked) => {
          await letOthers(worked)
          checkAwaited(begun)
        })
        for (const together of await groupsOf(asked, held, pace)) {
          const wanted = together.flatMap((one) => one.wanted)
          const lists = await readMoments(tx, held, wanted, pace.rest)
          if (!lists) {
            log('warn', 'rollups lack moments: npm run rebuild-rollups makes them anew', {
              project: filter.projectId,
            })
            return results
          }
          const search = await searchIn(lists, held, pace)
          for (const { index, funnel } of together) {
            const found = await search(funnel)
            results[index] = found && (await work(found, pace))
          }
        }
        return results
      }),
    () => request?.gone ?? new AbortController().signal,
  )
  return counted ?? results
}

/** Whether moments tell all that decides a pass. */
const isTold = (funnel: EventSteps, filter: RecordFilter): boolean =>
  areDistinct(funnel) && isKept(filter, true) && wantedOf(funnel).every(({ match }) => isKept(match))

const wantedOf = ({ steps, exclusions }: EventSteps): Wanted[] => [
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

/**
 * What finds a funnel's passes in what was read; nothing for one of more users and steps than there is memory for. Events that
 * several funnels need are put in order once, as far as they have room.
 */
async function searchIn(lists: MomentList[], { filter, users }: Held, pace: Pace) {
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
      size = 0
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
