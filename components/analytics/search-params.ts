import { createParser, parseAsString, parseAsStringLiteral } from 'nuqs/server'

/** What the URL of an analytics page holds: pages read it on the server, panels in the browser, by the same parsers. */

export const intervals = ['hour', 'day', 'week', 'month'] as const
export const metrics = ['events', 'users'] as const

/** `plan=pro&n=3`, as a value of one parameter. */
const parseAsProperties = createParser<Record<string, string>>({
  parse: (text) => {
    const entries = [...new URLSearchParams(text)].filter(([key]) => key !== '')
    return entries.length > 0 ? Object.fromEntries(entries) : null
  },
  serialize: (properties) => new URLSearchParams(properties).toString(),
  eq: (a, b) => JSON.stringify(a) === JSON.stringify(b),
})

export const rangeParsers = {
  project: parseAsString,
  from: parseAsString.withDefault('-30d'),
  to: parseAsString,
}

export const filterParsers = {
  name: parseAsString,
  type: parseAsString,
  category: parseAsString,
  action: parseAsString,
  question: parseAsString,
  userId: parseAsString,
  sessionId: parseAsString,
  page: parseAsString,
  device: parseAsString,
  browser: parseAsString,
  os: parseAsString,
  properties: parseAsProperties,
  context: parseAsProperties,
}

export type FilterField = Exclude<keyof typeof filterParsers, 'properties' | 'context'>

/** The fields that records of every kind are filtered by. */
export const commonFields: FilterField[] = ['userId', 'sessionId', 'device', 'browser', 'os']
/** The fields that events are filtered by. */
export const eventFields: FilterField[] = ['name', 'type', 'category', 'page', ...commonFields]

export const eventParsers = {
  ...rangeParsers,
  ...filterParsers,
  interval: parseAsStringLiteral(intervals),
  metric: parseAsStringLiteral(metrics).withDefault('events'),
  breakdown: parseAsString.withDefault('page'),
  compare: parseAsStringLiteral(['previous', 'none'] as const).withDefault('previous'),
  cursor: parseAsString,
}
