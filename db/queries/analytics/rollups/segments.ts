import { type SQL, sql } from 'drizzle-orm'
import type { Grain } from '@/db/time-zone'

export interface Span {
  from: Date
  /** Not included. */
  to: Date
}

/** A range divided: into whole weeks, halves of them, days and hours, which cells hold, and the rest, read record by record. */
export interface Segments {
  cells: (Span & { grain: Grain })[]
  rows: Span[]
}

/**
 * A table's cells of the spans, of which there is one at least, to be selected from by its name. Together they are planned
 * faster than a query for each span. The offset keeps it a look into the index for each: joined in another way, it would
 * read the cells of all time.
 *
 * @param where which cells, by what the index begins with
 * @param sums columns to be added up by class and time; all columns of each cell, if left out
 */
export function cellsWithin(table: SQL, { cells }: Segments, where: SQL, sums: string[] = []): SQL {
  const spans = cells.map(
    ({ grain, from, to }) =>
      sql`(${grain}::rollup_grain, ${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz)`,
  )
  const added = sums.map((column) => sql.raw(`sum(${column}::float8) as ${column}`))
  const [columns, end] =
    sums.length > 0
      ? [sql`class_id, at, ${sql.join(added, sql`, `)}`, sql`group by class_id, at`]
      : [sql`*`, sql`offset 0`]
  return sql`(values ${sql.join(spans, sql`, `)}) span (of, first, last)
    cross join lateral (
      select ${columns} from ${table}
      where ${where} and grain = span.of and at >= span.first and at < span.last ${end}
    ) ${table}`
}

/**
 * Conditions that select the records which no cell holds: those of the rest of the range, and those that arrived since
 * the rollups were advanced. Each is for a query of its own, since each has its own index.
 */
export function restConditions({ cells, rows }: Segments, nextTransaction: string): SQL[] {
  const time = sql`occurred_at`
  return [
    ...rows.map((span) => within(time, span)),
    ...joined(cells).map((span) => sql`${within(time, span)} and transaction_id >= ${nextTransaction}::xid8`),
  ]
}

/** Conditions that select durations of each span, in segments that are divided into days alone. */
export const dayConditions = ({ cells }: Segments): SQL[] =>
  joined(cells).map((span) => within(sql`at`, span))

/** Spans that follow one another as one: each query that is not asked need not be planned for every partition. */
function joined(spans: Span[]): Span[] {
  const all: Span[] = []
  for (const { from, to } of [...spans].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = all.at(-1)
    if (last?.to.getTime() === from.getTime()) last.to = to
    else all.push({ from, to })
  }
  return all
}

/** The rows of several queries together. */
export const unionAll = (queries: SQL[]): SQL => sql.join(queries, sql` union all `)

export function within(column: SQL, { from, to }: Span): SQL {
  return sql`${column} >= ${from.toISOString()}::timestamptz and ${column} < ${to.toISOString()}::timestamptz`
}
