import type { Db } from '@/db/connect'
import { areDistinct, type EventSteps } from '@/db/queries/analytics/funnels/event-passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import { findMoments } from '@/db/queries/analytics/rollups/find-moments'
import { isKept } from '@/db/queries/analytics/rollups/moment-kinds'
import { readMoments } from '@/db/queries/analytics/rollups/read-moments'
import type { Found } from '@/lib/analytics/funnels/measure'
import { type Asked, groupsOf, wantedOf } from '@/lib/analytics/funnels/moment-groups'
import { searchIn } from '@/lib/analytics/funnels/search-moments'
import { type Source, snapshotOf } from '@/lib/database'
import { checkAwaited } from '@/lib/database/reads'
import { currentRequest } from '@/lib/http/request'
import { log } from '@/lib/log'
import { letOthers, type Pace, paceOf } from '@/lib/pace'
import { singleton } from '@/lib/singleton'
import { Turns } from '@/lib/turns'

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
