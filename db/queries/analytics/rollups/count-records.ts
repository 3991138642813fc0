import { sql } from 'drizzle-orm'
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
  whereAgent,
  whereClass,
} from './question'
import { cellConditions, unionAll } from './segments'

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

/** Events by group, most first. @param question about events or pages @param limit groups at the most */
export async function countRecords(
  db: Db,
  question: Question,
  grouping: Grouping,
  limit?: number,
): Promise<RecordCount[]> {
  const { source, filter, segments } = question
  const withAgents = filtersByAgent(filter) || groupsByAgent(grouping)
  const agents = sql`join ${rollupAgents} on ${rollupAgents.id} = ${rollupCounts.agentId} and ${whereAgent(filter)}`
  const cells = cellConditions(segments).map(
    (condition) => sql`
      select ${groupStart(grouping, sql`at`)} as at, ${cellValues(source, grouping)}, records, duration_ms, durations
      from ${rollupCounts} join ${rollupClasses} on ${rollupClasses.id} = ${rollupCounts.classId}
      ${withAgents ? agents : sql``}
      where ${rollupCounts.projectId} = ${filter.projectId} and ${condition} and ${rollupCounts.classId} = any(array(
        select id from ${rollupClasses} where ${whereClass(question, grouping)}))`,
  )
  const measured = sql`1, coalesce(duration_ms, 0), (duration_ms is not null)::int`
  return db.execute<RecordCount>(sql`
    select ${isoTime(sql`at`)} as at, value, second, sum(records)::float8 as records,
      sum(duration_ms)::float8 as "durationMs", sum(durations)::float8 as durations
    from (${unionAll([...cells, restOf(question, grouping, measured)])}) c (at, value, second, records, duration_ms, durations)
    group by c.at, value, second order by sum(records) desc, value, second
    ${limit === undefined ? sql`` : sql`limit ${limit}`}`)
}
