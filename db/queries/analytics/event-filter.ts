import { and, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { userEvents } from '@/db/schema'

/** Which events a question is about. */
export interface EventFilter {
  projectId: string
  from: Date
  /** Not included. */
  to: Date
  equal: Partial<Record<FilterColumn, string>>
  /** Top-level properties, compared as text. */
  properties: Record<string, string>
}

const filterColumns = {
  name: userEvents.name,
  type: userEvents.type,
  category: userEvents.category,
  userId: userEvents.userId,
  sessionId: userEvents.sessionId,
  page: userEvents.page,
  device: userEvents.device,
  browser: userEvents.browser,
  os: userEvents.os,
} as const

export type FilterColumn = keyof typeof filterColumns

/** The condition that selects the events. */
export function whereEvents(filter: EventFilter): SQL {
  const equal = Object.entries(filter.equal).map(([name, value]) =>
    eq(filterColumns[name as FilterColumn], value),
  )
  const properties = Object.entries(filter.properties).map(
    ([key, value]) => sql`${userEvents.properties} ->> ${key}::text = ${value}`,
  )
  return and(
    eq(userEvents.projectId, filter.projectId),
    gte(userEvents.occurredAt, filter.from),
    lt(userEvents.occurredAt, filter.to),
    ...equal,
    ...properties,
  ) as SQL
}

/** The value that a breakdown groups by: a column's name, or `property.<key>`. */
export function breakdownValue(by: string): SQL {
  if (by.startsWith('property.'))
    return sql`${userEvents.properties} ->> ${by.slice('property.'.length)}::text`
  return sql`${filterColumns[by as FilterColumn]}`
}
