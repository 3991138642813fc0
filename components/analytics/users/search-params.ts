import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { commonFields, eventParsers, filterParsers, rangeParsers } from '@/components/analytics/search-params'

export const kinds = ['event', 'feature', 'stage', 'step', 'response'] as const
export type Kind = (typeof kinds)[number]

/** The fields that users are filtered by, through their events; the user itself is searched for. */
export const userFields = commonFields.filter((field) => field !== 'userId')

export const userListParsers = {
  ...rangeParsers,
  ...filterParsers,
  search: parseAsString,
  cursor: eventParsers.cursor,
}

export const userParsers = {
  project: rangeParsers.project,
  kind: parseAsStringLiteral(kinds),
  cursor: eventParsers.cursor,
}
