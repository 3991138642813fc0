import type { inferParserType } from 'nuqs/server'
import { filtersOf, given, rangeOf } from '@/components/analytics/inputs'
import type { getSatisfactionMetrics, listResponses } from '@/lib/analytics/satisfaction/contract'
import type { InputOf } from '@/lib/http/client'
import { responseFields, type satisfactionParsers } from './search-params'

export type SatisfactionSearch = inferParserType<typeof satisfactionParsers>

const commonOf = (search: SatisfactionSearch) => ({
  ...rangeOf(search),
  ...filtersOf(search, responseFields, ['properties', 'context']),
  survey: search.survey,
})

export const metricsInput = (search: SatisfactionSearch): InputOf<typeof getSatisfactionMetrics> =>
  given({
    ...commonOf(search),
    interval: search.interval,
    breakdown: search.breakdown,
    compare: search.compare === 'previous' ? 'previous' : null,
  })

export function responsesInput(search: SatisfactionSearch): InputOf<typeof listResponses> {
  const [scoreFrom, scoreTo] = search.scores?.split('-') ?? []
  return given({
    ...commonOf(search),
    search: search.search,
    scoreFrom,
    scoreTo: scoreTo ?? scoreFrom,
    cursor: search.cursor,
    limit: '25',
  })
}
