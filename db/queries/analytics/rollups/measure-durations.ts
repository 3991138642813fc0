import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { rollupAgents, rollupClasses, rollupDurations } from '@/db/schema'
import { percentilesOf } from './percentiles'
import {
  cellValues,
  filtersByAgent,
  type Grouping,
  groupsByAgent,
  type Question,
  restOf,
  whereAgent,
  whereClass,
} from './question'
import { dayConditions, unionAll } from './segments'

/**
 * Percentiles of the durations by group, in milliseconds.
 *
 * @param tx after `allowMemory`: the lists are kept there
 * @param question about features, in segments without weeks
 */
export async function measureDurations(tx: Db, question: Question, grouping: Grouping) {
  const { source, filter, segments } = question
  const withAgents = filtersByAgent(filter) || groupsByAgent(grouping)
  const agents = sql`join ${rollupAgents} on ${rollupAgents.id} = ${rollupDurations.agentId} and ${whereAgent(filter)}`
  const lists = dayConditions(segments).map(
    (condition) => sql`
      select value as target, sign, list from (
        select ${cellValues(source, grouping)}, sign, list
        from ${rollupDurations} join ${rollupClasses} on ${rollupClasses.id} = ${rollupDurations.classId}
        ${withAgents ? agents : sql``}
        where ${rollupDurations.projectId} = ${filter.projectId} and ${condition}
          and ${withAgents ? sql`agent_id > 0` : sql`agent_id = 0`} and ${rollupDurations.classId} = any(array(
            select id from ${rollupClasses} where ${whereClass(question, grouping, false)}))
      ) held`,
  )
  const rest = sql`
    select value, 1::smallint, array_agg(ms order by ms)
    from (${restOf(question, grouping, sql`duration_ms::bigint as ms`)}) r where ms is not null group by value`
  return tx.execute<{ value: string; p50: number; p90: number }>(sql`
    with ${percentilesOf(unionAll([...lists, rest]), [0.5, 0.9])}
    select target as value, max(value) filter (where fraction = 0.5) as p50,
      max(value) filter (where fraction = 0.9) as p90
    from percentiles group by target`)
}

/** Lets the queries of a transaction keep some megabytes of lists and bitmaps in memory, which else go to a file. */
export const allowMemory = (tx: Db) => tx.execute(sql`set local work_mem = '64MB'`)
