import { and, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { matches, type RecordFilter } from '@/db/queries/analytics/record-filter'
import {
  asksForTotal,
  cellValues,
  filtersByAgent,
  type Grouping,
  groupStart,
  groupsByAgent,
  whereAgent,
} from '@/db/queries/analytics/rollups/question'
import { type Segments, within } from '@/db/queries/analytics/rollups/segments'
import { rollupAgents } from '@/db/schema'
import { funnelFacts } from './funnel-facts'
import { journeyFacts } from './journey-facts'

/** The runs of which kind. */
export type RunKind = 'funnel' | 'journey'
export type FactSource = 'funnel_run' | 'journey_run' | 'journey_path' | 'journey_visit'

const kinds = {
  funnel: { table: 'conversion_funnels', name: 'funnel', facts: funnelFacts },
  journey: { table: 'user_journeys', name: 'journey', facts: journeyFacts },
} as const

interface TouchedRun extends Record<string, unknown> {
  name: string
  user_id: string
  run_id: string
  /** It may begin where no cell is; else it has records that no cell holds. */
  rest: boolean
}

/** A question about the runs that begin in a range, by their facts, over divided time. */
export interface FactQuestion {
  kind: RunKind
  /** Of fields, `name` and those of agents alone. */
  filter: RecordFilter
  segments: Segments
  /** Up to which transaction cells hold records: read in the same snapshot. */
  nextTransaction: string
  /** Runs whose facts are not, or not all, in cells. */
  touched: TouchedRun[]
}

/** Whether facts can answer a question: its fields are the name and those of agents alone. */
export function areFactsEnough(
  { equal: { name: _, ...equal }, properties, context }: RecordFilter,
  by: string[],
): boolean {
  const others = [properties, context].flatMap(Object.keys)
  return others.length === 0 && asksForTotal({ equal }, by)
}

/** The question with the runs that it has to read records of. */
export async function askFacts(db: Db, question: Omit<FactQuestion, 'touched'>): Promise<FactQuestion> {
  const { kind, filter, segments, nextTransaction } = question
  const { table, name } = kinds[kind]
  const named: Record<string, string> = filter.equal.name === undefined ? {} : { name: filter.equal.name }
  const runs = (rest: boolean, condition: SQL) => sql`
    select distinct ${sql.identifier(name)} as name, user_id, run_id, ${rest}::boolean as rest
    from ${sql.identifier(table)}
    where ${and(sql`project_id = ${filter.projectId}`, condition, ...matches(table, { equal: named, properties: {}, context: {} }))}`
  const queries = [
    runs(false, sql`transaction_id >= ${nextTransaction}::xid8`),
    ...segments.rows.map((span) => runs(true, within(sql`occurred_at`, span))),
  ]
  const touched = await db.execute<TouchedRun>(sql.join(queries, sql` union `))
  return { ...question, touched: [...touched] }
}

/**
 * A query for the facts that no cell holds, and those that cells hold no longer (sign -1): `at, value, name, source,
 * type, category, user_id, sign, ms`.
 */
export function factsOf(
  { kind, filter, segments, nextTransaction, touched }: FactQuestion,
  grouping: Grouping,
): SQL {
  if (touched.length === 0) {
    return sql`
      select null::timestamptz as at, '' as value, '' as name, null::rollup_source as source, '' as type,
        '' as category, '' as user_id, 1 as sign, null::bigint as ms where false`
  }
  const runs = sql`
    select ${filter.projectId}::uuid as project_id, name, user_id, run_id, rest
    from jsonb_to_recordset(${JSON.stringify(touched)}::text::jsonb)
      as t (name text, user_id text, run_id text, rest boolean)`
  const facts = kinds[kind].facts({ runs, heldBefore: nextTransaction })
  const begun = [
    ...segments.cells.map((span) => sql`not rest and ${within(sql`started`, span)}`),
    ...segments.rows.map((span) => sql`rest and ${within(sql`started`, span)}`),
  ]
  const { name: _, ...agent } = filter.equal
  const matching = Object.entries(agent).map(([field, value]) => sql`${sql.identifier(field)} = ${value}`)
  const [by] = grouping.by ?? []
  return sql`
    select ${groupStart(grouping, sql`started`)} as at, ${by === undefined ? sql`''` : sql.identifier(by)} as value, name,
      source, type, category, user_id, sign, ms
    from (${facts}) f where ${and(sql`(${sql.join(begun, sql` or `)})`, ...matching)}`
}

/** What cells of facts are selected by: the days of the range, from `r`, and the classes. */
export function whereCells({ filter, segments }: FactQuestion, source: FactSource, table: SQL): SQL {
  const days = segments.cells.map((span) => sql`(${within(sql`${table}.at`, span)})`)
  return sql`${table}.project_id = ${filter.projectId} and (${days.length > 0 ? sql.join(days, sql` or `) : sql`false`})
    and ${table}.class_id = any(array(
      select id from rollup_classes where project_id = ${filter.projectId} and source = ${source}::rollup_source
        ${filter.equal.name === undefined ? sql`` : sql`and name = ${filter.equal.name}`}))`
}

/** Whether agents matter; cells of all agents together serve otherwise. */
export const asksForAgents = ({ filter }: FactQuestion, grouping: Grouping): boolean =>
  filtersByAgent(filter) || groupsByAgent(grouping)

/** A query for the agents asked for: `id, value`. */
export const agentsOf = ({ filter }: FactQuestion, grouping: Grouping): SQL =>
  sql`select ${rollupAgents.id}, ${cellValues('any', grouping)} from ${rollupAgents} where ${whereAgent(filter)}`

export interface FactCount extends Record<string, unknown> {
  /** ISO. */
  at: string
  /** Of the breakdown, empty where missing. */
  value: string
  name: string
  type: string
  category: string
  count: number
}

/** How often each fact of a source is true. */
export async function countFacts(
  db: Db,
  question: FactQuestion,
  source: FactSource,
  grouping: Grouping,
): Promise<FactCount[]> {
  const withAgents = asksForAgents(question, grouping)
  return db.execute<FactCount>(sql`
    select ${isoTime(sql`at`)} as at, value, name, type, category, sum(count)::float8 as count
    from (
      select ${groupStart(grouping, sql`cells.at`)} as at, value, c.name, c.type, c.category, count
      from (
        select r.at, r.class_id, ${withAgents ? sql`a.value` : sql`''`} as value, sum(records) as count
        from rollup_counts r ${withAgents ? sql`join (${agentsOf(question, grouping)}) a on a.id = r.agent_id` : sql``}
        where r.grain = 'day' and ${whereCells(question, source, sql`r`)} group by 1, 2, 3
      ) cells join rollup_classes c on c.id = cells.class_id
      union all
      select at, value, name, type, category, sign
      from (${factsOf(question, grouping)}) f where source = ${source}::rollup_source
    ) facts
    group by facts.at, value, name, type, category having sum(count) <> 0`)
}
