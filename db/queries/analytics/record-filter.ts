import { and, eq, getTableColumns, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import {
  type AnalyticsTable,
  analytics,
  conversionFunnels,
  featureUsage,
  userEvents,
  userJourneys,
  userSatisfaction,
} from '@/db/schema'

/** Which records of one of the five tables a question is about. */
export interface RecordFilter {
  projectId: string
  from: Date
  /** Not included. */
  to: Date
  /** By field, as the API names it. */
  equal: Record<string, string>
  /** Top-level properties, compared as text. */
  properties: Record<string, string>
  /** Top-level keys of a response's context, compared as text. */
  context: Record<string, string>
}

/** The column of each field that a table can be filtered and broken down by; the five share the last ones. */
const fields: Record<AnalyticsTable, Record<string, PgColumn>> = {
  user_events: {
    name: userEvents.name,
    type: userEvents.type,
    category: userEvents.category,
    page: userEvents.page,
    ...commonFields('user_events'),
  },
  feature_usage: {
    name: featureUsage.feature,
    category: featureUsage.category,
    action: featureUsage.action,
    ...commonFields('feature_usage'),
  },
  conversion_funnels: {
    name: conversionFunnels.funnel,
    runId: conversionFunnels.runId,
    ...commonFields('conversion_funnels'),
  },
  user_journeys: {
    name: userJourneys.journey,
    runId: userJourneys.runId,
    ...commonFields('user_journeys'),
  },
  user_satisfaction: {
    survey: userSatisfaction.survey,
    score: userSatisfaction.score,
    question: userSatisfaction.question,
    ...commonFields('user_satisfaction'),
  },
}

function commonFields(table: AnalyticsTable): Record<string, PgColumn> {
  const { userId, sessionId, device, browser, os } = getTableColumns(analytics[table])
  return { userId, sessionId, device, browser, os }
}

/** The condition that selects the records: of the project, in the range and matching every filter. */
export function whereRecords(table: AnalyticsTable, filter: RecordFilter): SQL {
  const { projectId, occurredAt } = analytics[table]
  return and(
    eq(projectId, filter.projectId),
    gte(occurredAt, filter.from),
    lt(occurredAt, filter.to),
    ...matches(table, filter),
  ) as SQL
}

/** The filter's conditions without its project and range. */
export function matches(
  table: AnalyticsTable,
  filter: Omit<RecordFilter, 'projectId' | 'from' | 'to'>,
): SQL[] {
  const { equal, properties, context } = filter
  return [
    ...Object.entries(equal).map(([field, value]) => eq(fieldOf(table, field), value)),
    ...Object.entries(properties).map(
      ([key, value]) => sql`${dimensionOf(table, `property.${key}`)} = ${value}`,
    ),
    ...Object.entries(context).map(([key, value]) => sql`${dimensionOf(table, `context.${key}`)} = ${value}`),
  ]
}

/** The value that a breakdown groups by: of a field, of `property.<key>` or of `context.<key>`. */
export function dimensionOf(table: AnalyticsTable, by: string): SQL {
  if (by.startsWith('property.')) {
    return sql`${analytics[table].properties} ->> ${by.slice('property.'.length)}::text`
  }
  if (by.startsWith('context.'))
    return sql`${userSatisfaction.context} ->> ${by.slice('context.'.length)}::text`
  return sql`${fieldOf(table, by)}`
}

function fieldOf(table: AnalyticsTable, name: string): PgColumn {
  const column = fields[table][name]
  // Contracts let only known fields through: this is a fault of ours.
  if (!column) throw new Error(`${table} has no field ${name}`)
  return column
}
