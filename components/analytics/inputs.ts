import type { inferParserType } from 'nuqs/server'
import type { getEventAnalytics, listEvents, listPropertyKeys } from '@/lib/analytics/events/contract'
import type { InputOf } from '@/lib/http/client'
import {
  eventFields,
  type eventParsers,
  type FilterField,
  type filterParsers,
  type rangeParsers,
} from './search-params'

/** From a page's URL to what its questions ask: used on both sides, so that the cache's keys are the same. */

export type RangeSearch = inferParserType<typeof rangeParsers>
export type FilterSearch = inferParserType<typeof filterParsers>
export type EventSearch = inferParserType<typeof eventParsers>

type AnalyticsInput = InputOf<typeof getEventAnalytics>

const ROWS = 10
/** Rows of the tables on the events page. */
const MORE_ROWS = 50

/** The overview's first question: totals, trend, top events and top pages. */
export const overviewInput = (search: RangeSearch): AnalyticsInput =>
  given({ ...rangeOf(search), breakdown: 'page', compare: 'previous', limit: String(ROWS) })

/** The overview's second question: the devices. */
export const devicesInput = (search: RangeSearch): AnalyticsInput =>
  given({ ...rangeOf(search), breakdown: 'device', limit: String(ROWS) })

export const eventsInput = (search: EventSearch): AnalyticsInput =>
  given({
    ...rangeOf(search),
    ...filtersOf(search),
    interval: search.interval,
    breakdown: search.breakdown,
    compare: search.compare === 'previous' ? 'previous' : null,
    limit: String(MORE_ROWS),
  })

export const listInput = (search: EventSearch): InputOf<typeof listEvents> =>
  given({ ...rangeOf(search), ...filtersOf(search), cursor: search.cursor, limit: '25' })

/** Of the range alone, so that a filter does not take its own key out of the list. */
export const keysInput = (search: RangeSearch): InputOf<typeof listPropertyKeys> => given(rangeOf(search))

export function rangeOf({ project, from, to }: RangeSearch) {
  return { project, from, to }
}

/** The filters of the URL that a question takes: of these fields, of properties, and of contexts where there are any. */
export function filtersOf(
  search: FilterSearch,
  fields: readonly FilterField[] = eventFields,
  nested: readonly ('properties' | 'context')[] = ['properties'],
): Record<string, string | null> {
  const byKey = nested.flatMap((kind) =>
    Object.entries(search[kind] ?? {}).map(([key, value]) => [`${prefixes[kind]}${key}`, value]),
  )
  return {
    ...Object.fromEntries(fields.map((field) => [field, search[field]])),
    ...Object.fromEntries(byKey),
  }
}

/** What stands before a key in the name of a parameter. */
export const prefixes = { properties: 'property.', context: 'context.' } as const

/**
 * Leaves out what was not given. Words of the URL are not checked here, so that the input is taken for what it should
 * be: the API refuses what is wrong, and says why.
 */
export function given<Input = Record<string, never>>(
  input: Record<string, string | null | undefined>,
): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => !!value)) as Input
}
