import type { inferParserType } from 'nuqs/server'
import { filtersOf, given, rangeOf } from '@/components/analytics/inputs'
import { commonFields } from '@/components/analytics/search-params'
import type { getJourneyAnalytics, listJourneyRuns } from '@/lib/analytics/journeys/contract'
import type { InputOf } from '@/lib/http/client'
import type { journeyParsers } from './search-params'

export type JourneySearch = inferParserType<typeof journeyParsers>

/** Rows of steps, transitions and paths. */
export const ROWS = 100
/** Runs of a page of the list. */
const RUNS = '25'

/** Sessions are of no journey. */
const journeyOf = ({ journey, source }: JourneySearch) => (source === 'steps' ? journey : null)

export const journeysInput = (search: JourneySearch): InputOf<typeof getJourneyAnalytics> =>
  given({
    ...rangeOf(search),
    ...filtersOf(search, commonFields),
    journey: journeyOf(search),
    source: search.source === 'events' ? 'events' : null,
    start: search.start,
    end: search.end,
    interval: search.interval,
    breakdown: search.breakdown,
    compare: search.compare === 'previous' ? 'previous' : null,
    limit: String(ROWS),
  })

export const runsInput = (search: JourneySearch): InputOf<typeof listJourneyRuns> =>
  given({
    ...rangeOf(search),
    ...filtersOf(search, commonFields),
    journey: journeyOf(search),
    completed: search.ended,
    cursor: search.cursor,
    limit: RUNS,
  })
