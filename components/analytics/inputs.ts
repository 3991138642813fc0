import type { inferParserType } from 'nuqs/server'
import type { getEventAnalytics, listEvents, listPropertyKeys } from '@/lib/analytics/events/contract'
import type { InputOf } from '@/lib/http/client'
import type { eventParsers, filterParsers, rangeParsers } from './search-params'

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

function rangeOf({ project, from, to }: RangeSearch) {
  return { project, from, to }
}

function filtersOf({ properties, ...search }: FilterSearch): Record<string, string | null> {
  const { name, type, category, userId, sessionId, page, device, browser, os } = search
  const byKey = Object.entries(properties ?? {}).map(([key, value]) => [`property.${key}`, value])
  return {
    name,
    type,
    category,
    userId,
    sessionId,
    page,
    device,
    browser,
    os,
    ...Object.fromEntries(byKey),
  }
}

// Words of the URL are not checked here: the API refuses what is wrong, and says why.
function given(input: Record<string, string | null>) {
  return Object.fromEntries(
    Object.entries(input).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''),
  ) as Record<string, never>
}
