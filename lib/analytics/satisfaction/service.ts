import { intervalsIn } from '@/db/queries/analytics/intervals'
import { listResponses } from '@/db/queries/analytics/list-responses'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import { listContextKeys } from '@/db/queries/analytics/satisfaction-scores'
import type { ProjectCaller } from '@/lib/access/caller'
import { recordOne } from '@/lib/analytics/ingest/record'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, type Range, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import type * as contract from '@/lib/analytics/satisfaction/contract'
import { measureScores, measureScoresBy, type Responses } from '@/lib/analytics/satisfaction/measure'
import { inSnapshot, readFresh } from '@/lib/database'
import { fromCursor, toCursor } from '@/lib/http/cursor'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Records the answer to a survey; answers when it is durable. */
export async function recordResponse(
  input: ParsedInputOf<typeof contract.recordSatisfaction>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'response', ...input }, caller)
}

/** A survey's score, distribution and trend, by a dimension, and the range before to compare with. */
export async function measureSatisfaction(
  input: ParsedInputOf<typeof contract.getSatisfactionMetrics>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getSatisfactionMetrics>> {
  const { survey } = input
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const before = input.compare && previousRange(range)
  return inSnapshot(async (tx, readFrom) => {
    const progress = await readProgress(tx, project.id)
    const of = (range: Range): Responses => ({
      tx,
      survey,
      filter: recordFilter(input, project.id, range),
      range,
      progress,
    })
    const [now, contextKeys, breakdown, previous] = await Promise.all([
      measureScores(of(range), intervalsIn(range, interval)),
      listContextKeys(tx, of(range).filter),
      input.breakdown ? measureScoresBy(of(range), input.breakdown, input.limit) : null,
      before ? measureScores(of(before), intervalsIn(before, interval)) : null,
    ])
    return {
      ...coverageOf(range, receivedAt, readFrom),
      interval,
      survey,
      ...now,
      contextKeys,
      breakdown,
      previous:
        before && previous
          ? { from: before.from.toISOString(), to: before.to.toISOString(), ...previous }
          : null,
    }
  })
}

/**
 * Responses that have a text, newest first, a page at a time.
 *
 * @throws Problem 422 when scoreFrom is above scoreTo, or for a cursor that is not ours
 */
export async function findResponses(
  input: ParsedInputOf<typeof contract.listResponses>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listResponses>> {
  const { scoreFrom, scoreTo } = input
  if (scoreFrom !== undefined && scoreTo !== undefined && scoreFrom > scoreTo) {
    throw new Problem(422, 'scoreTo: Below scoreFrom', {
      errors: [{ path: 'scoreTo', message: 'Must not be below scoreFrom' }],
    })
  }
  const range = resolveRange(input, project, receivedAt)
  const [occurredAt, userId, id] = input.cursor === undefined ? [] : fromCursor(input.cursor, 3)
  const after = occurredAt && userId && id ? { occurredAt, userId, id } : undefined
  const words = (input.search ?? '').split(/\s+/).filter(Boolean)
  const filter = recordFilter(input, project.id, range, ['search'])
  const { rows, readFrom } = await readFresh(async ({ db, readFrom }) => ({
    rows: await listResponses(db, filter, { words, scoreFrom, scoreTo }, input.limit + 1, after),
    readFrom,
  }))
  const items = rows
    .slice(0, input.limit)
    .map((row) => ({ ...row, occurredAt: row.occurredAt.toISOString() }))
  const last = items.at(-1)
  const nextCursor =
    rows.length > input.limit && last ? toCursor([last.occurredAt, last.userId, last.id]) : null
  return { items, nextCursor, ...coverageOf(range, receivedAt, readFrom) }
}
