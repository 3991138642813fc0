import type { EventFilter, FilterColumn } from '@/db/queries/analytics/event-filter'
import type { Range } from '@/lib/analytics/parameters/range'

const columns: FilterColumn[] = [
  'name',
  'type',
  'category',
  'userId',
  'sessionId',
  'page',
  'device',
  'browser',
  'os',
]

/** The filter that a question's parameters describe, over a range. */
export function eventFilter(input: object, projectId: string, range: Range): EventFilter {
  const given = Object.entries(input).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    projectId,
    from: range.from,
    to: range.to,
    equal: Object.fromEntries(given.filter(([name]) => columns.includes(name as FilterColumn))),
    properties: Object.fromEntries(
      given
        .filter(([name]) => name.startsWith('property.'))
        .map(([name, value]) => [name.slice('property.'.length), value]),
    ),
  }
}

/** What every answer says about its range. */
export function coverageOf(range: Range, asOf: number) {
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    timezone: range.timezone,
    asOf: new Date(asOf).toISOString(),
  }
}
