import type { inferParserType } from 'nuqs/server'
import { filtersOf, given, rangeOf } from '@/components/analytics/inputs'
import type { getEventAnalytics } from '@/lib/analytics/events/contract'
import type { getRetention } from '@/lib/analytics/retention/contract'
import type { InputOf } from '@/lib/http/client'
import { retentionFields, type retentionParsers } from './search-params'

export type RetentionSearch = inferParserType<typeof retentionParsers>

export const retentionInput = (search: RetentionSearch): InputOf<typeof getRetention> =>
  given({
    ...rangeOf(search),
    ...filtersOf(search, retentionFields),
    interval: search.interval,
    event: search.event,
  })

/** The events to choose from as a return: the most frequent of the range. */
export const returnEventsInput = (search: RetentionSearch): InputOf<typeof getEventAnalytics> =>
  given({ ...rangeOf(search), limit: '100' })
