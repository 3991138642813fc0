import type { inferParserType } from 'nuqs/server'
import { filtersOf, given, rangeOf } from '@/components/analytics/inputs'
import { commonFields } from '@/components/analytics/search-params'
import type { getFeatureRetention, getFeatureStats } from '@/lib/analytics/features/contract'
import type { InputOf } from '@/lib/http/client'
import { featureFields, type featureListParsers, type featureParsers } from './search-params'

export type FeatureListSearch = inferParserType<typeof featureListParsers>
export type FeatureSearch = inferParserType<typeof featureParsers>

type StatsInput = InputOf<typeof getFeatureStats>

const commonOf = (search: FeatureListSearch | FeatureSearch) => ({
  ...rangeOf(search),
  ...filtersOf(search, featureFields),
  interval: search.interval,
  compare: search.compare === 'previous' ? 'previous' : null,
})

export const featuresInput = (search: FeatureListSearch): StatsInput =>
  given({ ...commonOf(search), limit: '200' })

export const featureInput = (name: string, search: FeatureSearch): StatsInput =>
  given({ ...commonOf(search), name, breakdown: search.breakdown })

export const featureRetentionInput = (
  feature: string,
  search: FeatureSearch,
): InputOf<typeof getFeatureRetention> =>
  given({
    ...rangeOf(search),
    ...filtersOf(search, commonFields),
    feature,
    interval: search.cohorts,
  })
