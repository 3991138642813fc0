import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { eventParsers, filterParsers, rangeParsers } from './search-params'

export const runMetrics = ['rate', 'began', 'completed'] as const

/** What the URL holds on the pages of funnels and of journeys alike. */
export const runParsers = {
  ...rangeParsers,
  ...filterParsers,
  interval: eventParsers.interval,
  compare: eventParsers.compare,
  breakdown: parseAsString.withDefault('device'),
  metric: parseAsStringLiteral(runMetrics).withDefault('rate'),
}
