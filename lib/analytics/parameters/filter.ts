import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import type { Range } from '@/lib/analytics/parameters/range'
import type { Source } from '@/lib/database'

/** Parameters that say what is asked of the records, not which records. */
const questions = ['project', 'from', 'to', 'timezone', 'interval', 'breakdown', 'compare', 'limit', 'cursor']

/**
 * The filter that a question's parameters describe, over a range.
 *
 * @param others parameters of this question that do not filter its records, besides those that every question has
 */
export function recordFilter(
  input: object,
  projectId: string,
  range: Range,
  others: string[] = [],
): RecordFilter {
  const given = Object.entries(input).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && !questions.includes(entry[0]) && !others.includes(entry[0]),
  )
  const { from, to } = range
  const startingWith = (prefix: string) =>
    Object.fromEntries(
      given
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    )
  return {
    projectId,
    from,
    to,
    equal: Object.fromEntries(given.filter(([name]) => !name.includes('.'))),
    properties: startingWith('property.'),
    context: startingWith('context.'),
  }
}

/** What every answer says about its range, and what it was read from. */
export function coverageOf(range: Range, asOf: number, readFrom: Source['readFrom']) {
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    timezone: range.timezone,
    asOf: new Date(asOf).toISOString(),
    readFrom,
  }
}
