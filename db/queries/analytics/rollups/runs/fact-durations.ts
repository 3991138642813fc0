import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { percentilesOf } from '@/db/queries/analytics/rollups/percentiles'
import type { Grouping } from '@/db/queries/analytics/rollups/question'
import { agentsOf, asksForAgents, type FactQuestion, type FactSource, factsOf, whereCells } from './question'

/** Facts whose durations are taken together. */
export interface Target {
  target: string
  type: string
  category: string
}

export interface Percentiles {
  p50: number
  p90: number
}

/**
 * Percentiles of the durations of facts, in milliseconds, for each target and, with a grouping, each value.
 *
 * @param targets several facts may have the same target; a fact may have several
 * @returns by target and value, as `keyOf` makes them one
 */
export async function measureFactDurations(
  db: Db,
  question: FactQuestion,
  source: FactSource,
  targets: Target[],
  grouping: Grouping = {},
): Promise<Map<string, Percentiles>> {
  const withAgents = asksForAgents(question, grouping)
  const lists = sql`
    select t.target || ${withAgents ? sql`a.value` : sql`''`} as target, d.sign, d.list
    from rollup_durations d
      join rollup_classes c on c.id = d.class_id
      join wanted_facts t on t.type = c.type and t.category = c.category
      ${withAgents ? sql`join (${agentsOf(question, grouping)}) a on a.id = d.agent_id` : sql``}
    where ${whereCells(question, source, sql`d`)} and ${withAgents ? sql`d.agent_id > 0` : sql`d.agent_id = 0`}
    union all
    select target || value, sign, array_agg(ms order by ms)
    from (${factsOf(question, grouping)}) f join wanted_facts using (type, category)
    where source = ${source}::rollup_source and ms is not null group by 1, 2`
  const rows = await db.execute<{ key: string; p50: number; p90: number }>(sql`
    with wanted_facts as (
      select * from jsonb_to_recordset(${JSON.stringify(targets.map((one) => ({ ...one, target: keyOf(one.target) })))}::text::jsonb)
        as t (target text, type text, category text)
    ), ${percentilesOf(lists, [0.5, 0.9])}
    select target as key, min(value) filter (where fraction = 0.5) as p50,
      min(value) filter (where fraction = 0.9) as p90
    from percentiles group by target`)
  return new Map(rows.map(({ key, p50, p90 }) => [key, { p50, p90 }]))
}

/** What a target's durations and a value's have in common: of no two pairs the same. */
export const keyOf = (target: string, value = ''): string => JSON.stringify(target) + value
