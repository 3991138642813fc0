import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { runParsers } from '@/components/analytics/run-parsers'
import { eventParsers } from '@/components/analytics/search-params'

/** What the URL of the journeys page holds. */
export const journeyParsers = {
  ...runParsers,
  /** One journey; all, if none is named. */
  journey: parseAsString,
  source: parseAsStringLiteral(['steps', 'events'] as const).withDefault('steps'),
  /** The step that paths are looked at from, and the one up to which. */
  start: parseAsString,
  end: parseAsString,
  /** Of the list of runs. */
  ended: parseAsStringLiteral(['true', 'false'] as const),
  cursor: eventParsers.cursor,
}
