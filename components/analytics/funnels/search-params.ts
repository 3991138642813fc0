import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { runParsers } from '@/components/analytics/run-parsers'
import { filterParsers, rangeParsers } from '@/components/analytics/search-params'

/** What the URL of the list holds. */
export const funnelsParsers = { ...rangeParsers, ...filterParsers }

/** What the URL of one funnel holds, besides its name in the path. */
export const funnelParsers = {
  ...runParsers,
  strict: parseAsStringLiteral(['true', 'false'] as const).withDefault('true'),
  window: parseAsString,
  /** JSON of a funnel from events that is not saved as it stands here: while there is one, the builder is open. */
  definition: parseAsString,
}
