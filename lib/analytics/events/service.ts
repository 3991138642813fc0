import {
  breakDownEvents,
  countEvents,
  countEventsOverTime,
  topEvents,
} from '@/db/queries/analytics/count-events'
import { countDropped } from '@/db/queries/analytics/dropped'
import * as queries from '@/db/queries/analytics/list-events'
import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/events/contract'
import { recordMany, recordOne } from '@/lib/analytics/ingest/record'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { leader } from '@/lib/database'
import { fromCursor, toCursor } from '@/lib/http/cursor'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'

/** Records one event; answers when it is durable. */
export async function recordEvent(input: ParsedInputOf<typeof contract.trackEvent>, caller: ProjectCaller) {
  return recordOne(input, { kind: 'event', ...input }, caller)
}

/** Records a batch of any kinds; what is wrong with a record refuses that record alone. */
export async function recordEvents(input: ParsedInputOf<typeof contract.trackBatch>, caller: ProjectCaller) {
  return recordMany(input, input.records, caller)
}

/** Events, newest first, a page at a time. */
export async function findEvents(
  input: ParsedInputOf<typeof contract.listEvents>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listEvents>> {
  const range = resolveRange(input, project, receivedAt)
  const [occurredAt, userId, id] = input.cursor === undefined ? [] : fromCursor(input.cursor, 3)
  const after = occurredAt && userId && id ? { occurredAt, userId, id } : undefined
  const rows = await queries.listEvents(
    leader(),
    recordFilter(input, project.id, range),
    input.limit + 1,
    after,
  )
  const items = rows.slice(0, input.limit).map(({ projectId: _, ...row }) => ({
    ...row,
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
  }))
  const last = items.at(-1)
  const nextCursor =
    rows.length > input.limit && last ? toCursor([last.occurredAt, last.userId, last.id]) : null
  return { items, nextCursor, ...coverageOf(range, receivedAt) }
}

/** Events counted: totals, series, the most frequent, a breakdown, and the range before to compare with. */
export async function analyzeEvents(
  input: ParsedInputOf<typeof contract.getEventAnalytics>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getEventAnalytics>> {
  const db = leader()
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const filter = recordFilter(input, project.id, range)
  const before = input.compare && previousRange(range)
  const earlier = before && { ...filter, from: before.from, to: before.to }
  const [totals, series, top, breakdown, bots, previousTotals, previousSeries] = await Promise.all([
    countEvents(db, filter),
    countEventsOverTime(db, filter, interval, range.timezone),
    topEvents(db, filter, input.limit),
    input.breakdown ? breakDownEvents(db, filter, input.breakdown, input.limit) : null,
    countDropped(db, project.id, range.from, range.to),
    earlier && countEvents(db, earlier),
    earlier && countEventsOverTime(db, earlier, interval, range.timezone),
  ])
  const previous =
    before && previousTotals && previousSeries
      ? {
          from: before.from.toISOString(),
          to: before.to.toISOString(),
          totals: previousTotals,
          series: previousSeries,
        }
      : null
  return {
    ...coverageOf(range, receivedAt),
    interval,
    totals,
    series,
    top,
    breakdown,
    previous,
    dropped: { bots },
  }
}

/** The property keys in use, to choose a filter or breakdown from. */
export async function findPropertyKeys(
  input: ParsedInputOf<typeof contract.listPropertyKeys>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listPropertyKeys>> {
  const range = resolveRange(input, project, receivedAt)
  return { keys: await queries.listPropertyKeys(leader(), recordFilter(input, project.id, range)) }
}
