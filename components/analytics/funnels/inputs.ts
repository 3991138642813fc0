import type { inferParserType } from 'nuqs/server'
import { filtersOf, given, type RangeSearch, rangeOf } from '@/components/analytics/inputs'
import { commonFields } from '@/components/analytics/search-params'
import type { getEventAnalytics } from '@/lib/analytics/events/contract'
import type { getFunnelAnalytics, listFunnelNames, listFunnels } from '@/lib/analytics/funnels/contract'
import type { InputOf } from '@/lib/http/client'
import { askedDefinition } from './draft'
import type { funnelParsers, funnelsParsers } from './search-params'

export type FunnelsSearch = inferParserType<typeof funnelsParsers>
export type FunnelSearch = inferParserType<typeof funnelParsers>

/** Names of events to choose from at the most. */
const EVENTS = 200

export const funnelsInput = (search: FunnelsSearch): InputOf<typeof listFunnels> =>
  given({ ...rangeOf(search), ...filtersOf(search, commonFields) })

export const funnelInput = (funnel: string, search: FunnelSearch): InputOf<typeof getFunnelAnalytics> =>
  given({
    funnel,
    ...rangeOf(search),
    ...filtersOf(search, commonFields),
    interval: search.interval,
    breakdown: search.breakdown,
    compare: search.compare === 'previous' ? 'previous' : null,
    // A draft has a window of its own, and events are always in order.
    ...(search.definition === null
      ? { strict: search.strict === 'false' ? 'false' : null, window: search.window }
      : { definition: askedDefinition(search.definition) }),
  })

/** Whether there is something to ask: a draft of fewer than two steps has no numbers. */
export const isAskable = ({ definition }: Pick<FunnelSearch, 'definition'>): boolean =>
  definition === null || askedDefinition(definition) !== null

/** The events of the range, most frequent first, to build from. */
export const topEventsInput = (search: RangeSearch): InputOf<typeof getEventAnalytics> =>
  given({ ...rangeOf(search), limit: String(EVENTS) })

/** The funnels that there are, whatever is filtered: names that are taken. */
export const namesInput = (search: RangeSearch): InputOf<typeof listFunnelNames> => given(rangeOf(search))
