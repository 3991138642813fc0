import { type SQL, sql } from 'drizzle-orm'

interface Span {
  from: Date
  /** Not included. */
  to: Date
}

/** A range divided: into whole weeks, days and hours, which cells hold, and the rest, read record by record. */
export interface Segments {
  cells: (Span & { grain: 'week' | 'day' | 'hour' })[]
  rows: Span[]
}

/** Conditions that select the cells of each span (`grain`, `at`); none, if all must be read record by record. */
export function cellConditions({ cells }: Segments): SQL[] {
  return cells.map((span) => sql`grain = ${span.grain}::rollup_grain and ${within(sql`at`, span)}`)
}

/**
 * Conditions that select the records which no cell holds: those of the rest of the range, and those that arrived since
 * the rollups were advanced. Each is for a query of its own, since each has its own index.
 */
export function restConditions({ cells, rows }: Segments, nextTransaction: string): SQL[] {
  const time = sql`occurred_at`
  return [
    ...rows.map((span) => within(time, span)),
    ...cells.map((span) => sql`${within(time, span)} and transaction_id >= ${nextTransaction}::xid8`),
  ]
}

/** The rows of several queries together. */
export const unionAll = (queries: SQL[]): SQL => sql.join(queries, sql` union all `)

function within(column: SQL, { from, to }: Span): SQL {
  return sql`${column} >= ${from.toISOString()}::timestamptz and ${column} < ${to.toISOString()}::timestamptz`
}
