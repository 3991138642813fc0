import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { commonFields, filterParsers, rangeParsers } from '@/components/analytics/search-params'

export const cohortIntervals = ['day', 'week', 'month'] as const

/** The fields that the events of cohorts are filtered by. */
export const retentionFields = commonFields

export const retentionParsers = {
  ...rangeParsers,
  ...filterParsers,
  interval: parseAsStringLiteral(cohortIntervals).withDefault('week'),
  /** What counts as a return; any event, if left out. */
  event: parseAsString,
}
