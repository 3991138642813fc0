import type { Db } from '@/db/connect'
import { type Intervals, intervalsIn } from '@/db/queries/analytics/intervals'
import { countJourneys } from '@/db/queries/analytics/journeys/count-journeys'
import { listRuns, type RunRow } from '@/db/queries/analytics/journeys/list-runs'
import {
  type JourneyMeasures,
  type JourneyRates,
  type JourneyTrend,
  measureJourneys,
  measureJourneyTrend,
} from '@/db/queries/analytics/journeys/measure-journeys'
import type { RunQuestion } from '@/db/queries/analytics/journeys/passes'
import {
  countRolledJourneys,
  measureRolledJourneys,
  measureRolledTrend,
} from '@/db/queries/analytics/journeys/rolled-journeys'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import type { ProjectCaller } from '@/lib/access/caller'
import { recordOne } from '@/lib/analytics/ingest/record'
import type * as contract from '@/lib/analytics/journeys/contract'
import { askRuns } from '@/lib/analytics/parameters/ask'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, type Range, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { leftOf, UNMEASURED, withRest } from '@/lib/analytics/parameters/rest'
import { inSnapshot, readFresh } from '@/lib/database'
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
  const { rows, readFrom } = await readFresh(async ({ db, readFrom }) => ({
    rows: await listRuns(db, filter, completed, input.limit + 1, after),
    readFrom,
  }))
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  const nextCursor =
    rows.length > input.limit && last ? toCursor([last.startedAt, last.userId, last.firstId]) : null
  return { items: page.map(toRun), nextCursor, ...coverageOf(range, receivedAt, readFrom) }
}

/** Journeys in numbers: steps, transitions, paths, completion, and the range before to compare with. */
export async function analyzeJourneys(
  input: ParsedInputOf<typeof contract.getJourneyAnalytics>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getJourneyAnalytics>> {
  const { source, start, end, journey, breakdown: by, limit } = input
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const all = recordFilter(input, project.id, range, ['journey', 'source', 'start', 'end'])
  const filter = source === 'steps' ? ofJourney(all, journey) : all
  const question: RunQuestion = { filter, source, start, end, by }
  const before = input.compare && previousRange(range)
  return inSnapshot(async (tx, readFrom) => {
    const { stays, visited, totals, breakdown, ...measures } = await measure(
      tx,
      question,
      { range, intervals: intervalsIn(range, interval) },
      limit,
    )
    const previous =
      before &&
      (await measureTrend(tx, question, { range: before, intervals: intervalsIn(before, interval) }))
    const stayOf = new Map(stays.map((stay) => [stay.name, stay]))
    return {
      ...coverageOf(range, receivedAt, readFrom),
      interval,
      journeys: await countAll(tx, all, range),
      ...totals,
      ...measures,
      steps: visited.map(({ name, visits, exits }) => ({
        name,
        visits,
        users: stayOf.get(name)?.users ?? 0,
        exits,
        exitRate: exits / visits,
        timeOnStepMs: stayOf.get(name)?.timeOnStepMs ?? { p50: null, p90: null },
      })),
      breakdown: by === undefined ? null : breakdownOf(breakdown, totals),
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
  })
}

/** The rows of a breakdown, with one for the rest. */
const breakdownOf = (groups: JourneyMeasures['breakdown'], totals: JourneyRates) =>
  withRest(groups, leftOf(totals, groups, ['started', 'completed']), (left) => ({
    ...left,
    completionRate: left.completed / left.started,
    durationMs: UNMEASURED,
  }))

interface Span {
  range: Range
  intervals: Intervals
}

/** By the facts in the rollups, if they are enough, else by the records. */
async function measure(tx: Db, question: RunQuestion, span: Span, limit: number): Promise<JourneyMeasures> {
  const facts = await askPlain(tx, question, span)
  const rolled = facts && (await measureRolledJourneys(tx, facts, span.intervals, question.by, limit))
  return rolled ?? measureJourneys(tx, question, span.intervals, limit)
}

async function measureTrend(tx: Db, question: RunQuestion, span: Span): Promise<JourneyTrend> {
  const { from, to } = span.range
  const earlier = { ...question, by: undefined, filter: { ...question.filter, from, to } }
  const facts = await askPlain(tx, earlier, span)
  return facts
    ? measureRolledTrend(tx, facts, span.intervals)
    : measureJourneyTrend(tx, earlier, span.intervals)
}

async function countAll(tx: Db, filter: RecordFilter, range: Range) {
  const facts = await askRuns(tx, 'journey', { filter, range })
  return facts ? countRolledJourneys(tx, facts) : countJourneys(tx, filter)
}

/** Facts are about whole runs of tracked steps. */
async function askPlain(tx: Db, { filter, source, start, end, by }: RunQuestion, { range, intervals }: Span) {
  const plain = source === 'steps' && start === undefined && end === undefined
  return plain
    ? askRuns(
        tx,
        'journey',
        { filter, range },
        {
          by: by === undefined ? [] : [by],
          interval: intervals.name,
        },
      )
    : undefined
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
