import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { rollupAgents, rollupClasses, rollupCounts } from '@/db/schema'
import {
  cellValues,
  filtersByAgent,
  type Grouping,
  groupStart,
  groupsByAgent,
  type Question,
  restOf,
  type Source,
  whereAgent,
  whereClass,
} from './question'
import { cellsWithin, unionAll } from './segments'

const COUNTS = ['records', 'duration_ms', 'durations', 'successes', 'failures']

export interface RecordCount extends Record<string, unknown> {
  /** ISO. */
  at: string
  value: string
  second: string
  records: number
  durationMs: number
  /** Records that have a duration. */
  durations: number
}

const withoutDuration: Source[] = ['stage', 'step', 'response']

/**
 * Records by group, most first.
 *
 * @param question about any source but all kinds together
 * @param limit groups at the most
 */
export async function countRecords(
  db: Db,
  question: Question,
  grouping: Grouping,
  limit?: number,
): Promise<RecordCount[]> {
  const cells = countsOf(question, grouping, sql`records, duration_ms, durations`)
  const measured = withoutDuration.includes(question.source)
    ? sql`1, 0, 0`
    : sql`1, coalesce(duration_ms, 0), (duration_ms is not null)::int`
  return db.execute<RecordCount>(sql`
    select ${isoTime(sql`at`)} as at, value, second, sum(records)::float8 as records,
      sum(duration_ms)::float8 as "durationMs", sum(durations)::float8 as durations
    from (${unionAll([...cells, restOf(question, grouping, measured)])}) c (at, value, second, records, duration_ms, durations)
    group by c.at, value, second order by sum(records) desc, value, second
    ${limit === undefined ? sql`` : sql`limit ${limit}`}`)
}

/**
 * A query whose rows are the counts of cells, if there are cells: `at, value, second` and these columns, of a count and
 * its class.
 *
 * @param total as in `whereClass`
 */
export function countsOf(question: Question, grouping: Grouping, columns: SQL, total?: boolean): SQL[] {
  const { source, filter, segments } = question
  if (segments.cells.length === 0) return []
  const withAgents = filtersByAgent(filter) || groupsByAgent(grouping)
  const agents = sql`join ${rollupAgents} on ${rollupAgents.id} = ${rollupCounts.agentId} and ${whereAgent(filter)}`
  const which = sql`${rollupCounts.projectId} = ${filter.projectId} and ${rollupCounts.classId} = any(array(
    select id from ${rollupClasses} where ${whereClass(question, grouping, total)}))`
  // Of all agents together there is less to join and to group.
  const cells = cellsWithin(sql`${rollupCounts}`, segments, which, withAgents ? [] : COUNTS)
  return [
    sql`
      select ${groupStart(grouping, sql`at`)} as at, ${cellValues(source, grouping)}, ${columns}
      from ${cells} join ${rollupClasses} on ${rollupClasses.id} = ${rollupCounts.classId}
      ${withAgents ? agents : sql``}`,
  ]
}
