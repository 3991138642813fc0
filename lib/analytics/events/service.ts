import { countDropped } from '@/db/queries/analytics/dropped'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import * as queries from '@/db/queries/analytics/list-events'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/events/contract'
import { type Events, measureBy, measureSeries, measureTotals } from '@/lib/analytics/events/measure'
import { recordMany, recordOne } from '@/lib/analytics/ingest/record'
import type { Interval } from '@/lib/analytics/parameters/contract'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, type Range, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { leftOf, withRest } from '@/lib/analytics/parameters/rest'
import { inSnapshot, readFresh } from '@/lib/database'
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
  const filter = recordFilter(input, project.id, range)
  const { rows, readFrom } = await readFresh(async ({ db, readFrom }) => ({
    rows: await queries.listEvents(db, filter, input.limit + 1, after),
    readFrom,
  }))
  const items = rows.slice(0, input.limit).map(({ projectId: _, ...row }) => ({
    ...row,
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
  }))
  const last = items.at(-1)
  const nextCursor =
    rows.length > input.limit && last ? toCursor([last.occurredAt, last.userId, last.id]) : null
  return { items, nextCursor, ...coverageOf(range, receivedAt, readFrom) }
}

/** Events counted: totals, series, the most frequent, a breakdown, and the range before to compare with. */
export async function analyzeEvents(
  input: ParsedInputOf<typeof contract.getEventAnalytics>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getEventAnalytics>> {
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  return inSnapshot(async (tx, readFrom) => {
    const progress = await readProgress(tx, project.id)
    const of = (range: Range): Events => ({
      tx,
      filter: recordFilter(input, project.id, range),
      range,
      progress,
    })
    const [totals, series, top, breakdown, bots, previous] = await Promise.all([
      measureTotals(of(range)),
      measureSeries(of(range), intervalsIn(range, interval)),
      measureBy(of(range), ['name', 'type'], input.limit),
      input.breakdown ? measureBy(of(range), [input.breakdown], input.limit) : null,
      countDropped(tx, project.id, range.from, range.to),
      input.compare ? measureBefore(of(previousRange(range)), interval) : null,
    ])
    return {
      ...coverageOf(range, receivedAt, readFrom),
      interval,
      totals,
      series,
      top: top.map(({ value, second, ...counts }) => ({ name: value, type: second, ...counts })),
      breakdown: breakdown && breakdownOf(breakdown, totals),
      previous,
      dropped: { bots },
    }
  })
}

/** The rows of a breakdown, with one for the rest. */
const breakdownOf = (groups: Awaited<ReturnType<typeof measureBy>>, totals: { events: number }) =>
  withRest(
    groups.map(({ value, second: _, ...counts }) => ({ value: value || null, ...counts })),
    leftOf(totals, groups, ['events']),
    (left) => ({ ...left, users: null }),
  )

async function measureBefore(events: Events, interval: Interval) {
  const [totals, series] = await Promise.all([
    measureTotals(events),
    measureSeries(events, intervalsIn(events.range, interval)),
  ])
  const { from, to } = events.range
  return { from: from.toISOString(), to: to.toISOString(), totals, series }
}

/** The property keys in use, to choose a filter or breakdown from. */
export async function findPropertyKeys(
  input: ParsedInputOf<typeof contract.listPropertyKeys>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listPropertyKeys>> {
  const range = resolveRange(input, project, receivedAt)
  const filter = recordFilter(input, project.id, range)
  return readFresh(async ({ db }) => ({ keys: await queries.listPropertyKeys(db, filter) }))
}
