import { and, eq, ne, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type Intervals, intervalStart } from '@/db/queries/analytics/intervals'
import { dimensionOf, matches, type RecordFilter } from '@/db/queries/analytics/record-filter'
import { type AnalyticsTable, analyticsTables, rollupAgents, rollupClasses } from '@/db/schema'
import { restConditions, type Segments, unionAll } from './segments'

/** The records that are counted together. */
export type Source =
  | 'any'
  | 'event'
  | 'page'
  | 'feature'
  | 'feature_name'
  | 'feature_error'
  | 'stage'
  | 'step'
  | 'response'

const { name, type, category } = rollupClasses
/** Of the class of an error, which is JSON; of others nothing, for theirs is any text. */
const errorCategory = sql`case when ${rollupClasses.source} = 'feature_error' then ${category}::json ->> 0 end`

interface Kept {
  /** What the records are in. */
  tables: AnalyticsTable[]
  /** Which part of its classes each field is. */
  fields: Record<string, SQLWrapper>
  /** Whether there is a class for all records together. */
  total: boolean
}

const sources: Record<Source, Kept> = {
  any: { tables: analyticsTables, fields: {}, total: true },
  event: { tables: ['user_events'], fields: { name, type, category }, total: true },
  page: { tables: ['user_events'], fields: { page: name }, total: false },
  feature: { tables: ['feature_usage'], fields: { name, action: type, category }, total: true },
  feature_name: { tables: ['feature_usage'], fields: { name }, total: false },
  feature_error: {
    tables: ['feature_usage'],
    fields: { name, action: type, category: errorCategory },
    total: false,
  },
  stage: { tables: ['conversion_funnels'], fields: {}, total: true },
  step: { tables: ['user_journeys'], fields: {}, total: true },
  response: { tables: ['user_satisfaction'], fields: { survey: name, score: type }, total: true },
}

const agentFields = ['device', 'browser', 'os'] as const
type AgentField = (typeof agentFields)[number]
export const isAgentField = (field: string): field is AgentField => agentFields.includes(field as AgentField)

/** What answers are grouped by. Without any there is one group. */
export interface Grouping {
  intervals?: Intervals
  /** Fields, by which `value` and `second` are made. */
  by?: string[]
  /** Only these values of `by`. */
  only?: string[][]
}

/** A question about the records of a source over divided time. */
export interface Question {
  source: Source
  filter: RecordFilter
  segments: Segments
  /** Up to which transaction cells hold records: read in the same snapshot. */
  nextTransaction: string
}

/** The first of some sources whose cells can answer a question, if one can. */
export function sourceOf(
  candidates: Source[],
  filter: Pick<RecordFilter, 'equal' | 'properties' | 'context'>,
  by: string[] = [],
): Source | undefined {
  if (Object.keys({ ...filter.properties, ...filter.context }).length > 0) return undefined
  const fields = [...Object.keys(filter.equal), ...by]
  const total = asksForTotal(filter, by)
  return candidates.find(
    (source) =>
      (!total || sources[source].total) &&
      fields.every((field) => isAgentField(field) || Object.hasOwn(sources[source].fields, field)),
  )
}

/** Whether the total of a source answers a question: its fields are of agents alone. */
export function asksForTotal(filter: Pick<RecordFilter, 'equal'>, by: string[] = []): boolean {
  return [...Object.keys(filter.equal), ...by].every(isAgentField)
}

export const filtersByAgent = (filter: Pick<RecordFilter, 'equal'>): boolean =>
  Object.keys(filter.equal).some(isAgentField)
export const groupsByAgent = ({ by = [] }: Grouping): boolean => by.some(isAgentField)

/** The classes that a question is about. @param total whether the one of all records together is */
export function whereClass(
  { source, filter }: Pick<Question, 'source' | 'filter'>,
  grouping: Grouping,
  total = asksForTotal(filter, grouping.by),
): SQL {
  const { by = [], only } = grouping
  const fields = Object.entries(filter.equal).filter(([field]) => !isAgentField(field))
  // A page may be empty: that of the events without one.
  const whole = total ? eq(rollupClasses.name, '') : ne(rollupClasses.name, '')
  return and(
    eq(rollupClasses.projectId, filter.projectId),
    sql`${rollupClasses.source} = ${source}::rollup_source`,
    source === 'page' ? undefined : whole,
    ...fields.map(([field, value]) => sql`${classColumn(source, field)} = ${value}`),
    groupsByAgent(grouping)
      ? undefined
      : onlyThese(
          only,
          by.map((field) => sql`${classColumn(source, field)}`),
        ),
  ) as SQL
}

/** The agents that a question is about. */
export function whereAgent(filter: RecordFilter): SQL {
  const fields = Object.entries(filter.equal).filter((entry): entry is [AgentField, string] =>
    isAgentField(entry[0]),
  )
  return and(
    eq(rollupAgents.projectId, filter.projectId),
    ...fields.map(([field, value]) => eq(rollupAgents[field], value)),
  ) as SQL
}

/** `value, second`: what a cell is grouped by, of its class and agent. Missing values are empty. */
export function cellValues(source: Source, { by = [] }: Grouping): SQL {
  const value = (field: string | undefined) =>
    field === undefined
      ? sql`''::text`
      : isAgentField(field)
        ? sql`${rollupAgents[field]}`
        : sql`${classColumn(source, field)}`
  return sql`${value(by[0])} as value, ${value(by[1])} as second`
}

/** `at`: where the interval of a time begins; the same for all without intervals. */
export function groupStart({ intervals }: Grouping, time: SQL): SQL {
  return intervals ? intervalStart(intervals, time) : sql`'epoch'::timestamptz`
}

/** A query whose rows are the records that no cell holds, grouped like cells: `at, value, second` and these columns. */
export function restOf(question: Question, grouping: Grouping, columns: SQL): SQL {
  const { source, filter, segments, nextTransaction } = question
  const { by = [], only } = grouping
  const queries = sources[source].tables.flatMap((table) => {
    const values = by.map((field) => sql`coalesce(${dimensionOf(table, field)}::text, '')`)
    const [value = sql`''::text`, second = sql`''::text`] = values
    return restConditions(segments, nextTransaction).map((condition) => {
      const where = and(
        sql`project_id = ${filter.projectId}`,
        condition,
        ...matches(table, filter),
        groupsByAgent(grouping) ? undefined : onlyThese(only, values),
      )
      return sql`select ${groupStart(grouping, sql`occurred_at`)} as at, ${value} as value, ${second} as second, ${columns}
        from ${sql.identifier(table)} where ${where}`
    })
  })
  return unionAll(queries)
}

function classColumn(source: Source, field: string): SQLWrapper {
  const part = sources[source].fields[field]
  // `sourceOf` lets only such fields through: this is a fault of ours.
  if (!part) throw new Error(`${source} is not counted by ${field}`)
  return part
}

function onlyThese(only: string[][] | undefined, columns: SQL[]): SQL | undefined {
  if (!only || columns.length === 0) return undefined
  if (only.length === 0) return sql`false`
  const rows = only.map(
    (row) =>
      sql`(${sql.join(
        row.map((value) => sql`${value}`),
        sql`, `,
      )})`,
  )
  return sql`(${sql.join(columns, sql`, `)}) in (${sql.join(rows, sql`, `)})`
}
