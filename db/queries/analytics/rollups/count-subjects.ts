import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { CHUNK_BITS, rollupAgentBits, rollupAgents, rollupBits, rollupClasses } from '@/db/schema'
import {
  asksForTotal,
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
import { cellsWithin } from './segments'

export interface SubjectCount extends Record<string, unknown> {
  /** ISO. */
  at: string
  value: string
  second: string
  count: number
}

const size = sql.raw(String(CHUNK_BITS))

/**
 * Never run, but a function that is unsafe in parallel keeps the plan in one process: other processes would take longer
 * to begin than the few rows take to read.
 */
const alone = sql`alone as (select set_config('jit', 'off', true))`

/**
 * Distinct users or sessions by group, exactly: the bits of the cells, `|` over time, classes and planes and, where it is
 * about agents, `&` with those who have the agent in that plane. Of the records that no cell holds, those whose bit is
 * not set already.
 */
export async function countSubjects(
  db: Db,
  subject: 'user' | 'session',
  question: Question,
  grouping: Grouping,
): Promise<SubjectCount[]> {
  const key = sql.raw(`${subject}_id`)
  const rest = restOf(question, grouping, sql`${key} as key`)
  const cells = cellsOf(subject, question, grouping)
  if (!cells) {
    return db.execute<SubjectCount>(sql`
      select ${isoTime(sql`at`)} as at, value, second, count(distinct key)::float8 as count
      from (${rest}) r group by r.at, value, second`)
  }
  return db.execute<SubjectCount>(sql`
    with ${alone}, ${cells},
    rest as materialized (select distinct at, value, second, key from (${rest}) r where key is not null),
    known as (
      select rest.*, (
        select ordinal from rollup_visitors v
        where v.project_id = ${question.filter.projectId} and v.subject = ${subject}::rollup_subject and v.key = rest.key
        limit 1) as ordinal
      from rest
    ), counted as (
      select at, value, second, count from found
      union all
      select at, value, second, 1 from known k where not exists (
        select from found f where (f.at, f.value, f.second) = (k.at, k.value, k.second)
          and f.chunk = k.ordinal / ${size} and get_bit(f.bits, k.ordinal % ${size}) = 1)
    )
    select ${isoTime(sql`at`)} as at, value, second, sum(count)::float8 as count
    from counted group by counted.at, value, second`)
}

/**
 * The bits of each group and chunk, as `found (at, value, second, chunk, bits, count)`; nothing, if there are no cells.
 * Where each group is one cell, nothing is put together: how many bits are set is known.
 */
function cellsOf(subject: string, question: Question, grouping: Grouping) {
  const { source, filter, segments } = question
  if (segments.cells.length === 0) return undefined
  const byAgent = groupsByAgent(grouping)
  const withAgents = filtersByAgent(filter) || byAgent
  const which = sql`
    ${rollupBits.projectId} = ${filter.projectId} and ${rollupBits.subject} = ${subject}::rollup_subject
      and ${withAgents ? sql`plane > 0` : sql`plane = 0`}
      and ${rollupBits.classId} = any(array(select id from ${rollupClasses} where ${whereClass(question, grouping)}))`
  const spans = cellsWithin(sql`${rollupBits}`, segments, which)
  const classes = byAgent ? { ...grouping, by: [] } : grouping
  const cells = sql`
    select ${groupStart(grouping, sql`at`)} as at, ${cellValues(source, classes)}, plane, chunk, bits, count
    from ${spans} join ${rollupClasses} on ${rollupClasses.id} = ${rollupBits.classId}`
  const single = areSingle(question, grouping)
  if (!withAgents && single) return sql`found as not materialized (${cells})`
  const together = single
    ? sql`cells as materialized (${cells})`
    : sql`cells as (
        select at, value, second, plane, chunk, bit_or(bits) as bits from (${cells}) c
        group by at, value, second, plane, chunk)`
  if (!withAgents)
    return sql`${together}, found as (
    select at, value, second, chunk, bits, bit_count(bits) as count from cells)`
  const agentValues = cellValues(source, byAgent ? grouping : {})
  return sql`${together}, agents as (
    select ${agentValues}, plane, chunk, bit_or(bits) as bits
    from ${rollupAgentBits} join ${rollupAgents} on ${rollupAgents.id} = ${rollupAgentBits.agentId}
    where ${rollupAgentBits.projectId} = ${filter.projectId} and ${rollupAgentBits.subject} = ${subject}::rollup_subject
      and ${whereAgent(filter)}
      and chunk between (select min(chunk) from cells) and (select max(chunk) from cells)
    group by 1, 2, plane, chunk
  ), found as (
    select *, bit_count(bits) as count from (
      select c.at, ${byAgent ? sql`a.value, a.second` : sql`c.value, c.second`}, c.chunk, bit_or(c.bits & a.bits) as bits
      from cells c join agents a using (plane, chunk) group by 1, 2, 3, 4
    ) together)`
}

/** Whether each group is one cell: of one class, over its time. */
function areSingle({ source, filter, segments }: Question, { by, intervals }: Grouping): boolean {
  const ofOneClass = asksForTotal(filter, by) || source === 'page' || source === 'feature_name'
  return ofOneClass && segments.cells.every(({ grain }) => grain === intervals?.name)
}
