import type { Db } from '@/db/connect'
import { countReturns, type ReturnQuestion, type Returns } from '@/db/queries/analytics/count-returns'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import { countReturnsByBits } from '@/db/queries/analytics/rollups/count-returns'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import { sourceOf } from '@/db/queries/analytics/rollups/question'
import type { ProjectCaller } from '@/lib/access/caller'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import type * as contract from '@/lib/analytics/retention/contract'
import { inSnapshot } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Intervals at the most: cohorts are their number squared. */
const INTERVALS = 60

/** Cohorts of users by their first event ever, and how many came back. @throws Problem 422 for over 60 intervals */
export async function findRetention(
  input: ParsedInputOf<typeof contract.getRetention>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.getRetention>> {
  return measureRetention('user_events', input, caller)
}

/**
 * Cohorts of users by their first record ever in a table, and how many had another. Cohorts are of whole intervals, so
 * records of the first and the last interval count though they lie outside the range.
 *
 * @throws Problem 422 for over 60 intervals
 */
export async function measureRetention(
  table: 'user_events' | 'feature_usage',
  input: ParsedInputOf<typeof contract.getRetention>,
  { project, receivedAt }: ProjectCaller,
): Promise<contract.Retention> {
  const range = resolveRange(input, project, receivedAt)
  const interval = input.interval
  resolveInterval(interval, range)
  const { starts, end } = intervalsIn(range, interval)
  if (starts.length > INTERVALS) throw tooMany()
  return inSnapshot(async (tx, readFrom) => {
    const whole = { ...range, from: new Date(starts[0] as string), to: new Date(end) }
    const filter = recordFilter(input, project.id, whole, ['event'])
    const returns = await countBy(tx, { table, filter, starts, event: input.event }, range.timezone)
    const over = Math.min(range.to.getTime(), receivedAt)
    const complete = starts.map((_, index) => Date.parse(starts[index + 1] ?? end) <= over)
    return {
      ...coverageOf(range, receivedAt, readFrom),
      interval,
      ...shapeCohorts(starts, complete, returns),
    }
  })
}

/** By the rollups' bitmaps, where they can tell; else record by record. */
async function countBy(tx: Db, asked: ReturnQuestion, timezone: string): Promise<Returns[]> {
  const progress = await readProgress(tx, asked.filter.projectId)
  const source = sourceOf([asked.table === 'user_events' ? 'event' : 'feature'], asked.filter)
  if (source === undefined || progress.timezone !== timezone) return countReturns(tx, asked)
  return countReturnsByBits(tx, { ...asked, source, nextTransaction: progress.nextTransaction })
}

/** The triangle of cohorts and its averages. */
function shapeCohorts(
  starts: string[],
  complete: boolean[],
  returns: Returns[],
): Pick<contract.Retention, 'cohorts' | 'average'> {
  const counted = new Map(returns.map((row) => [`${row.cohort} ${row.interval}`, row]))
  const cohorts = starts.map((at, cohort) => {
    const users = counted.get(`${cohort} ${cohort}`)?.users ?? 0
    const returned = starts.slice(cohort).map((_, later) => {
      const back = counted.get(`${cohort} ${cohort + later}`)?.returned ?? 0
      return { users: back, rate: rateOf(back, users), complete: complete[cohort + later] ?? false }
    })
    return { at, users, returned }
  })
  const average = starts.map((_, later) => {
    const whole = cohorts.filter(({ returned }) => returned[later]?.complete)
    const users = sum(whole.map((cohort) => cohort.users))
    return { users, rate: rateOf(sum(whole.map(({ returned }) => returned[later]?.users ?? 0)), users) }
  })
  return { cohorts, average }
}

const rateOf = (part: number, of: number): number | null => (of === 0 ? null : part / of)
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)

const tooMany = (): Problem =>
  new Problem(422, `interval: Over ${INTERVALS} in this range`, {
    errors: [{ path: 'interval', message: `Would make over ${INTERVALS}; take a longer one` }],
  })
