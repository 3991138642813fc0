import { createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { cohortIntervals } from '@/components/analytics/retention/search-params'
import {
  commonFields,
  eventParsers,
  type FilterField,
  filterParsers,
  rangeParsers,
} from '@/components/analytics/search-params'
import { toSegment } from '@/lib/http/client'

/** The fields that feature uses are filtered by, in the list and below it. */
export const featureFields: FilterField[] = ['category', 'action', ...commonFields]

export const columns = [
  'name',
  'users',
  'adoption',
  'opened',
  'used',
  'completed',
  'success',
  'p50',
  'p90',
] as const
export type SortColumn = (typeof columns)[number]

const shared = {
  ...rangeParsers,
  ...filterParsers,
  interval: eventParsers.interval,
  compare: eventParsers.compare,
}

export const featureListParsers = {
  ...shared,
  sort: parseAsStringLiteral(columns).withDefault('users'),
  order: parseAsStringLiteral(['up', 'down'] as const).withDefault('down'),
}

export const featureParsers = {
  ...shared,
  breakdown: parseAsString.withDefault('device'),
  cohorts: parseAsStringLiteral(cohortIntervals).withDefault('week'),
}

const { interval: _, ...kept } = shared
/** A link between the list and a feature takes range, filters and comparison along. */
export const withSearch = createSerializer(kept)

export const featurePath = (name: string): string => `/features/${toSegment(name)}`
