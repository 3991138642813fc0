import { countJourneys } from '@/db/queries/analytics/journeys/count-journeys'
import { listRuns, type RunRow } from '@/db/queries/analytics/journeys/list-runs'
import { measureJourneys, measureJourneyTrend } from '@/db/queries/analytics/journeys/measure-journeys'
import type { RunQuestion } from '@/db/queries/analytics/journeys/passes'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import type { ProjectCaller } from '@/lib/access/caller'
import { recordOne } from '@/lib/analytics/ingest/record'
import type * as contract from '@/lib/analytics/journeys/contract'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { leader } from '@/lib/database'
import { fromCursor, toCursor } from '@/lib/http/cursor'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'

/** Records a step of a run; answers when it is durable. */
export async function recordStep(input: ParsedInputOf<typeof contract.trackStep>, caller: ProjectCaller) {
  return recordOne(input, { kind: 'step', ...input }, caller)
}

/** Records that a run is complete, whether or not it was ever started. */
export async function recordJourneyCompletion(
  input: ParsedInputOf<typeof contract.completeJourney>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'step', completed: true, ...input }, caller)
}

/**
 * Runs that begin in the range, newest first, a page at a time.
 *
 * @throws Problem 422 for a cursor that is not ours
 */
export async function findJourneyRuns(
  input: ParsedInputOf<typeof contract.listJourneyRuns>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listJourneyRuns>> {
  const range = resolveRange(input, project, receivedAt)
  const [startedAt, userId, firstId] = input.cursor === undefined ? [] : fromCursor(input.cursor, 3)
  const after = startedAt && userId && firstId ? { startedAt, userId, firstId } : undefined
  const filter = ofJourney(recordFilter(input, project.id, range, ['journey', 'completed']), input.journey)
  const completed = input.completed && input.completed === 'true'
  const rows = await listRuns(leader(), filter, completed, input.limit + 1, after)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  const nextCursor =
    rows.length > input.limit && last ? toCursor([last.startedAt, last.userId, last.firstId]) : null
  return { items: page.map(toRun), nextCursor, ...coverageOf(range, receivedAt) }
}

/** Journeys in numbers: steps, transitions, paths, completion, and the range before to compare with. */
export async function analyzeJourneys(
  input: ParsedInputOf<typeof contract.getJourneyAnalytics>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getJourneyAnalytics>> {
  const db = leader()
  const { source, start, end, journey, breakdown: by, limit } = input
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const all = recordFilter(input, project.id, range, ['journey', 'source', 'start', 'end'])
  const filter = source === 'steps' ? ofJourney(all, journey) : all
  const question: RunQuestion = { filter, source, start, end, by }
  const before = input.compare && previousRange(range)
  const earlier = before && { ...question, filter: { ...filter, from: before.from, to: before.to } }
  const [journeys, { totals, breakdown, ...measures }, previous] = await Promise.all([
    countJourneys(db, all),
    measureJourneys(db, question, interval, range.timezone, limit),
    earlier && measureJourneyTrend(db, earlier, interval, range.timezone),
  ])
  return {
    ...coverageOf(range, receivedAt),
    interval,
    journeys,
    ...totals,
    ...measures,
    breakdown: by === undefined ? null : breakdown,
    previous:
      before && previous
        ? {
            from: before.from.toISOString(),
            to: before.to.toISOString(),
            ...previous.totals,
            series: previous.series,
          }
        : null,
  }
}

const ofJourney = (filter: RecordFilter, name: string | undefined): RecordFilter =>
  name === undefined ? filter : { ...filter, equal: { ...filter.equal, name } }

/** A run with each step's neighbours and the time spent on it, all from the order of the path. */
function toRun({ path, times, firstId: _, ...run }: RunRow): contract.JourneyRun {
  const steps = path.map((step, index) => {
    const at = times[index] as string
    const left = times[index + 1] ?? run.completedAt
    return {
      step,
      at,
      previous: path[index - 1] ?? null,
      next: path[index + 1] ?? null,
      timeOnStepMs: left === null ? null : Date.parse(left) - Date.parse(at),
    }
  })
  return { ...run, path, steps }
}
