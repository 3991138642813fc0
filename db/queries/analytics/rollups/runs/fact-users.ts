import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { filtersByAgent, whereAgent } from '@/db/queries/analytics/rollups/question'
import { CHUNK_BITS, rollupAgentBits, rollupAgents } from '@/db/schema'
import { type FactQuestion, type FactSource, factsOf, whereCells } from './question'

const size = sql.raw(String(CHUNK_BITS))

/**
 * Distinct users of a source's facts by their type, exactly.
 *
 * @returns nothing where a late record has taken a fact back that cells still hold: bits cannot be counted down
 */
export async function countFactUsers(
  db: Db,
  question: FactQuestion,
  source: FactSource,
): Promise<Map<string, number> | undefined> {
  const { filter } = question
  const withAgents = filtersByAgent(filter)
  const agents = sql`
    select plane, chunk, bit_or(bits) as bits
    from ${rollupAgentBits} join ${rollupAgents} on ${rollupAgents.id} = ${rollupAgentBits.agentId}
    where ${rollupAgentBits.projectId} = ${filter.projectId} and subject = 'user' and ${whereAgent(filter)}
    group by 1, 2`
  const rows = await db.execute<{ type: string; users: number; lost: boolean }>(sql`
    with cells as (
      select c.type, plane, chunk, bit_or(bits) as bits
      from rollup_bits r join rollup_classes c on c.id = r.class_id
      where r.subject = 'user' and r.grain = 'day' and ${withAgents ? sql`plane > 0` : sql`plane = 0`}
        and ${whereCells(question, source, sql`r`)}
      group by 1, 2, 3
    ), found as materialized (
      ${
        withAgents
          ? sql`select type, chunk, bit_or(c.bits & a.bits) as bits from cells c join (${agents}) a using (plane, chunk)
              group by 1, 2`
          : sql`select type, chunk, bits from cells`
      }
    ), changed as materialized (
      select type, user_id, bool_or(sign > 0) as counts from (${factsOf(question, {})}) f
      where source = ${source}::rollup_source group by 1, 2
    ), added as (
      select type, user_id, (
        select ordinal from rollup_visitors v
        where v.project_id = ${filter.projectId} and v.subject = 'user' and v.key = user_id limit 1) as ordinal
      from changed where counts
    ), counted as (
      select type, bit_count(bits) as users from found
      union all
      select type, 1 from added a where not exists (
        select from found f where f.type = a.type and f.chunk = a.ordinal / ${size}
          and get_bit(f.bits, a.ordinal % ${size}) = 1)
    )
    select type, sum(users)::float8 as users, exists (select from changed where not counts) as lost
    from counted group by type`)
  if (rows.some(({ lost }) => lost)) return undefined
  return new Map(rows.filter(({ users }) => users > 0).map(({ type, users }) => [type, users]))
}
