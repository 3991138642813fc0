import { listResponses } from '@/db/queries/analytics/list-responses'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import {
  breakDownScores,
  countScores,
  listContextKeys,
  tallyScoresOverTime,
} from '@/db/queries/analytics/satisfaction-scores'
import type { ProjectCaller } from '@/lib/access/caller'
import { recordOne } from '@/lib/analytics/ingest/record'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import type * as contract from '@/lib/analytics/satisfaction/contract'
import { fillScores, grades, npsGroups, scoresOf, tallyOf } from '@/lib/analytics/satisfaction/score'
import { leader } from '@/lib/database'
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
  const db = leader()
  const { survey } = input
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const filter = recordFilter(input, project.id, range)
  const before = input.compare && previousRange(range)

  const measure = async (filter: RecordFilter) => {
    const [counts, points] = await Promise.all([
      countScores(db, filter),
      tallyScoresOverTime(db, filter, grades[survey], interval, range.timezone),
    ])
    const tally = tallyOf(survey, counts)
    return {
      ...scoresOf(survey, tally),
      ...npsGroups(survey, tally),
      distribution: fillScores(survey, counts),
      series: points.map((point) => {
        const { score, responses } = scoresOf(survey, point)
        return { at: point.at, score, responses }
      }),
    }
  }

  const [now, contextKeys, groups, previous] = await Promise.all([
    measure(filter),
    listContextKeys(db, filter),
    input.breakdown ? breakDownScores(db, filter, grades[survey], input.breakdown, input.limit) : null,
    before && measure({ ...filter, from: before.from, to: before.to }),
  ])
  return {
    ...coverageOf(range, receivedAt),
    interval,
    survey,
    ...now,
    contextKeys,
    breakdown: groups?.map((group) => ({ value: group.value, ...scoresOf(survey, group) })) ?? null,
    previous:
      before && previous
        ? { from: before.from.toISOString(), to: before.to.toISOString(), ...previous }
        : null,
  }
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
  const rows = await listResponses(
    leader(),
    recordFilter(input, project.id, range, ['search']),
    { words, scoreFrom, scoreTo },
    input.limit + 1,
    after,
  )
  const items = rows
    .slice(0, input.limit)
    .map((row) => ({ ...row, occurredAt: row.occurredAt.toISOString() }))
  const last = items.at(-1)
  const nextCursor =
    rows.length > input.limit && last ? toCursor([last.occurredAt, last.userId, last.id]) : null
  return { items, nextCursor, ...coverageOf(range, receivedAt) }
}
