import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { CHUNK_BITS, rollupAgentBits, rollupAgents, rollupBits, rollupClasses } from '@/db/schema'
import { bitsOf } from './add-visitors'
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
  if (question.segments.cells.length === 0) {
    return db.execute<SubjectCount>(sql`
      select ${isoTime(sql`at`)} as at, value, second, count(distinct key)::float8 as count
      from (${rest}) r group by r.at, value, second`)
  }
  const withAgents = filtersByAgent(question.filter) || groupsByAgent(grouping)
  const single = areSingle(question, grouping)
  const byAgent = groupsByAgent(grouping)
  const counted = single ? (withAgents ? countPlanes(byAgent) : countCells) : countTogether
  return db.execute<SubjectCount>(sql`
    with ${alone}, ${(withAgents ? matchedByAgent : matchedCells)(subject, question, grouping)},
    rest as materialized (select distinct at, value, second, key from (${rest}) r where key is not null),
    known as materialized (
      select rest.*, ordinal / ${size} as chunk, ordinal % ${size} as place
      from rest left join lateral (
        select ordinal from rollup_visitors v
        where v.project_id = ${question.filter.projectId} and v.subject = ${subject}::rollup_subject and v.key = rest.key
        limit 1
      ) v on true
    ), ${counted}
    select ${isoTime(sql`at`)} as at, value, second, sum(count)::float8 as count
    from (select * from counted union all select at, value, second, 1 from known where chunk is null) c
    group by c.at, value, second`)
}

/** The bits of cells of all agents together, as `matched (at, value, second, chunk, bits, count)`. */
const matchedCells = (subject: string, question: Question, grouping: Grouping): SQL =>
  sql`matched as not materialized (${cellsOf(subject, question, grouping, sql`plane = 0`)})`

/**
 * The bits of those who have the agents, as `matched (at, value, second, chunk, bits)`: of `cells`, those of `agents` in the
 * same plane. Who has two of these may be in two planes: `again` are those of a plane who have one in a lower plane, too.
 */
function matchedByAgent(subject: string, question: Question, grouping: Grouping): SQL {
  const { source, filter } = question
  const byAgent = groupsByAgent(grouping)
  const cells = cellsOf(subject, question, grouping, sql`plane > 0`)
  const together = sql`
    select at, value, second, plane, chunk, bit_or(bits) as bits from (${cells}) c
    group by at, value, second, plane, chunk`
  return sql`
    cells as materialized (${areSingle(question, grouping) ? cells : together}),
    agents as materialized (
      select *, bits & bit_or(bits) over (
        partition by value, second, chunk order by plane rows between unbounded preceding and 1 preceding) as again
      from (
        select ${cellValues(source, byAgent ? grouping : {})}, plane, chunk, bit_or(bits) as bits
        from ${rollupAgentBits} join ${rollupAgents} on ${rollupAgents.id} = ${rollupAgentBits.agentId}
        where ${rollupAgentBits.projectId} = ${filter.projectId}
          and ${rollupAgentBits.subject} = ${subject}::rollup_subject and ${whereAgent(filter)}
          and chunk between (select min(chunk) from cells) and (select max(chunk) from cells)
        group by 1, 2, plane, chunk
      ) planes
    ),
    matched as not materialized (${match(sql`cells`, byAgent)})`
}

/** A query for what `matched` holds of some cells. They are chosen before: matched, they are long. */
const match = (cells: SQL, byAgent: boolean): SQL => sql`
  select c.at, ${byAgent ? sql`a.value, a.second` : sql`c.value, c.second`}, chunk, c.bits & a.bits as bits
  from ${cells} c join agents a using (plane, chunk)`

/** A query for cells, a row for each plane and chunk, with the group of their class and how many bits are set. */
function cellsOf(subject: string, question: Question, grouping: Grouping, planes: SQL): SQL {
  const { source, filter, segments } = question
  const which = sql`
    ${rollupBits.projectId} = ${filter.projectId} and ${rollupBits.subject} = ${subject}::rollup_subject and ${planes}
      and ${rollupBits.classId} = any(array(select id from ${rollupClasses} where ${whereClass(question, grouping)}))`
  const classes = groupsByAgent(grouping) ? { ...grouping, by: [] } : grouping
  return sql`
    select ${groupStart(grouping, sql`at`)} as at, ${cellValues(source, classes)}, plane, chunk, bits, count
    from ${cellsWithin(sql`${rollupBits}`, segments, which)}
      join ${rollupClasses} on ${rollupClasses.id} = ${rollupBits.classId}`
}

/** Counts groups of many cells as `counted (at, value, second, count)`: all bits of a chunk, and of `known`, are put together. */
const countTogether = sql`counted as (
  select at, value, second, bit_count(bit_or(bits)) as count
  from (
    select at, value, second, chunk, bits from matched
    union all
    select at, value, second, chunk, ${bitsOf(sql`place`)} from known where chunk is not null group by 1, 2, 3, 4
  ) found group by at, value, second, chunk)`

/** Those of `known` whose bit is not set. */
const beside = (matched: SQL): SQL => sql`
  select at, value, second, 1 from known k where chunk is not null and not exists (
    select from ${matched} m where (m.at, m.value, m.second, m.chunk) = (k.at, k.value, k.second, k.chunk)
      and get_bit(m.bits, k.place) = 1)`

/** The same as `countTogether` of groups that are one cell each: how many bits are set is known. */
const countCells = sql`counted as (
  select at, value, second, count from matched union all ${beside(sql`matched`)})`

/**
 * The same of agents: bits are counted where they lie, since to keep many of them in memory takes longer than all else. Only those
 * of chunks that may have somebody in two planes, which are `crowded`, are put together.
 */
function countPlanes(byAgent: boolean): SQL {
  const which = (is: SQL) => sql`
    select * from cells c where ${is} (
      select from crowded w where (w.at, w.value, w.second, w.chunk) = (c.at, c.value, c.second, c.chunk))`
  return sql`
    crowded as materialized (
      select distinct c.at, c.value, c.second, chunk from cells c join agents a using (plane, chunk)
      where bit_count(c.bits & a.again) > 0
    ),
    shared as materialized (${which(sql`exists`)}),
    near as materialized (select * from cells where (at, chunk) in (select at, chunk from known)),
    counted as (
      select at, value, second, bit_count(bits) as count
      from (${match(sql`(${which(sql`not exists`)})`, byAgent)}) m
      union all
      select at, value, second, bit_count(bit_or(bits)) from (${match(sql`shared`, byAgent)}) m
      group by at, value, second, chunk
      union all
      ${beside(sql`(${match(sql`near`, byAgent)})`)}
    )`
}

/** Whether each group is one cell: of one class, over its time. */
function areSingle({ source, filter, segments }: Question, { by, intervals }: Grouping): boolean {
  const ofOneClass = asksForTotal(filter, by) || source === 'page' || source === 'feature_name'
  return ofOneClass && segments.cells.every(({ grain }) => grain === intervals?.name)
}
