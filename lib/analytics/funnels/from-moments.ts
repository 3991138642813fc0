import type { Db } from '@/db/connect'
import { areDistinct, type EventSteps } from '@/db/queries/analytics/funnels/event-passes'
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
import type { Found } from '@/lib/analytics/funnels/measure'
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
/** Moments of a project that lacks some are not read for so long, in milliseconds. */
const LACKING_MS = 600_000
/** More are never asked for at once: what charts ask has turns before. */
const WAITING = 60

/** Two are in memory at once, of each caller one. */
const turns = () =>
  singleton(
    'funnels.moments',
    () => new Turns({ atOnce: 2, eachAtOnce: 1, eachWaits: WAITING, allWait: WAITING }),
  )
/** Projects whose rollups lack moments, and until when that is taken for granted. */
const lacking = () => singleton('funnels.lacking', () => new Map<string, number>())

export interface Question {
  source: Source
  funnels: EventSteps[]
  filter: RecordFilter
  /** When there is no time left for more, by `performance.now()`. */
  until?: number
}

/** A funnel by its place in a list, and the events that it needs. */
interface Asked {
  index: number
  funnel: EventSteps
  wanted: Wanted[]
}

/** What is made of the passes of a funnel. */
type Work<Result> = (found: Found, pace: Pace) => Promise<Result>

/**
 * What `work` makes of each funnel's passes, which are found in moments; nothing of those that moments do not tell enough of, or
 * that there is no time left for. Events are read once for as many funnels as the limit has room for.
 */
export async function fromMoments<Result>(
  question: Question,
  work: Work<Result>,
): Promise<(Result | undefined)[]> {
  const { source, funnels, filter } = question
  const asked = [...funnels.entries()]
    .filter(([, funnel]) => isTold(funnel, filter))
    .map(([index, funnel]) => ({ index, funnel, wanted: wantedOf(funnel) }))
  const results: (Result | undefined)[] = funnels.map(() => undefined)
  if (asked.length === 0 || (lacking().get(filter.projectId) ?? 0) > Date.now()) return results
  const request = currentRequest()
  await turns().take(
    String(request?.caller),
    () =>
      snapshotOf(source, (tx) => findAll(tx, asked, question, work, results)).catch((error: unknown) => {
        if (!(error instanceof OutOfTime)) throw error
      }),
    request && (() => request.gone),
  )
  return results
}

class OutOfTime extends Error {}

async function findAll<Result>(
  tx: Db,
  asked: Asked[],
  { filter, until = Number.POSITIVE_INFINITY }: Question,
  work: Work<Result>,
  results: (Result | undefined)[],
): Promise<void> {
  const begun = performance.now()
  const pace = paceOf(async (worked) => {
    await letOthers(worked)
    checkAwaited(begun)
    if (performance.now() >= until) throw new OutOfTime()
  })
  const names = new Set(asked.flatMap(({ wanted }) => wanted.map(({ match }) => match.equal.name as string)))
  const held = await findMoments(tx, filter, [...names])
  if (!held) return
  for (const together of await groupsOf(asked, held, pace)) {
    const wanted = together.flatMap((one) => one.wanted)
    const lists = await readMoments(tx, held, wanted, pace.rest)
    if (!lists) {
      lacking().set(filter.projectId, Date.now() + LACKING_MS)
      log('warn', 'rollups lack moments: npm run rebuild-rollups makes them anew', {
        project: filter.projectId,
      })
      return
    }
    const search = await searchIn(lists, held, pace)
    for (const { index, funnel } of together) {
      const found = await search(funnel)
      results[index] = found && (await work(found, pace))
    }
  }
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
 * What finds a funnel's passes in what was read; nothing where its steps, of all users read, are more than there is memory for. Events that
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
