import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { commonFields, eventParsers, type FilterField } from '@/components/analytics/search-params'

export const surveys = ['nps', 'csat', 'ces'] as const

/** The fields that responses are filtered by. */
export const responseFields: FilterField[] = ['question', ...commonFields]

export const satisfactionParsers = {
  ...eventParsers,
  survey: parseAsStringLiteral(surveys).withDefault('nps'),
  breakdown: parseAsString.withDefault('device'),
  search: parseAsString,
  /** The scores of the responses listed, such as 0-6. */
  scores: parseAsString,
}
