import { z } from 'zod'
import {
  breakdownBy,
  compare,
  coverage,
  cursor,
  eventFilters,
  interval,
  intervalParameter,
  limit,
  range,
  rest,
  text,
  withProperties,
  word,
} from '@/lib/analytics/parameters/contract'
import {
  commonFields,
  durationMs,
  envelope,
  hasUser,
  long,
  noUser,
  recordReceipt,
  recordsOne,
} from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user'
/** Characters of a name that are kept. */
export const NAME_LIMIT = 200
const eventFields = {
  type: word.optional().describe('Such as page_view, click or custom; custom, if absent'),
  name: text(64 * 1024)
    .min(1)
    .optional()
    .describe('The type, if absent. Up to 200 characters; of a page_view, what is longer is cut'),
  category: word.optional(),
  pageUrl: long('pageUrl').optional(),
  pageTitle: long('pageTitle').optional(),
  referrer: long('referrer').optional(),
  durationMs,
}

const hasName = (value: { type?: string; name?: string }) =>
  value.name !== undefined || value.type !== undefined
const noName = { path: ['name'], error: 'name or type is needed' }

/** A page may be named after its title; other names are chosen, and a cut one would be another’s. */
const hasShortName = ({ type, name }: { type?: string; name?: string }) =>
  type === 'page_view' || name === undefined || name.length <= NAME_LIMIT
const longName = { path: ['name'], error: `Too big: expected string to have <=${NAME_LIMIT} characters` }

/** An event as it stands in a batch. */
export const eventRecord = z
  .strictObject({ kind: z.literal('event'), ...commonFields, ...eventFields })
  .refine(hasUser, noUser)
  .refine(hasName, noName)
  .refine(hasShortName, longName)
export type EventRecord = z.output<typeof eventRecord>

export const trackEvent = endpoint({
  ...recordsOne,
  id: 'trackEvent',
  path: `${BASE}/events/track`,
  summary: 'Record one event',
  input: z
    .strictObject({ ...envelope, ...commonFields, ...eventFields })
    .refine(hasUser, noUser)
    .refine(hasName, noName)
    .refine(hasShortName, longName),
})

export const trackBatch = endpoint({
  id: 'trackBatch',
  method: 'POST',
  path: `${BASE}/events/batch`,
  access: 'record',
  summary: 'Record up to 1,000 records',
  description:
    'Each record names its kind. Records that are refused are listed in `rejected`, with their index; the others are stored all the same. A record may have 64 KB, the request 1 MB.',
  input: z.strictObject({
    ...envelope,
    // Each record is parsed on its own, so that one that is wrong does not refuse the others.
    records: z
      .array(z.unknown())
      .min(1)
      .max(1000)
      .describe(
        '{kind: "event", …} with the fields of the kind’s own endpoint; kinds event, feature, stage, step and response',
      ),
  }),
  output: recordReceipt,
  status: 202,
})

export const eventItem = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  category: z.string().nullable(),
  userId: z.string(),
  anonymousId: z.string().nullable(),
  sessionId: z.string().nullable(),
  pageUrl: z.string().nullable(),
  page: z.string().nullable(),
  pageTitle: z.string().nullable(),
  referrer: z.string().nullable(),
  durationMs: z.number().nullable(),
  device: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  properties: z.record(z.string(), z.unknown()),
  occurredAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
})
export type EventItem = z.infer<typeof eventItem>

export const listEvents = endpoint({
  id: 'listEvents',
  method: 'GET',
  path: `${BASE}/events`,
  access: 'read',
  summary: 'Events, newest first',
  input: withProperties({ ...range, ...eventFilters, limit: limit(50), cursor }),
  output: z.object({ items: z.array(eventItem), nextCursor: z.string().nullable(), ...coverage }),
})

const totals = z.object({
  events: z.number().int(),
  users: z.number().int().describe('Distinct users, exactly'),
  sessions: z.number().int(),
  averageDurationMs: z.number().nullable().describe('Over events that have a duration'),
})

const series = z.array(z.object({ at: z.iso.datetime(), events: z.number().int(), users: z.number().int() }))

export const getEventAnalytics = endpoint({
  id: 'getEventAnalytics',
  method: 'GET',
  path: `${BASE}/events/analytics`,
  access: 'read',
  summary: 'Events counted: totals, over time, the most frequent, and by a dimension',
  input: withProperties({
    ...range,
    ...eventFilters,
    interval: intervalParameter,
    breakdown: breakdownBy(['name', 'type', 'category', 'page', 'device', 'browser', 'os']),
    compare,
    limit: limit(20).describe('Rows of `top` and `breakdown`'),
  }),
  output: z.object({
    ...coverage,
    interval,
    totals,
    series,
    top: z.array(
      z.object({ name: z.string(), type: z.string(), events: z.number().int(), users: z.number().int() }),
    ),
    breakdown: z
      .array(
        z.object({
          value: z.string().nullable(),
          rest,
          events: z.number().int(),
          users: z.number().int().nullable().describe('Not counted for the rest'),
        }),
      )
      .nullable()
      .describe('Most events first; the rows add up to all events'),
    previous: z.object({ from: z.iso.datetime(), to: z.iso.datetime(), totals, series }).nullable(),
    dropped: z.object({ bots: z.number().int() }).describe('In whole UTC days that touch the range'),
  }),
})

export const listPropertyKeys = endpoint({
  id: 'listPropertyKeys',
  method: 'GET',
  path: `${BASE}/events/properties`,
  access: 'read',
  summary: 'The property keys of the newest 5,000 events of the range, most frequent first',
  input: withProperties({ ...range, ...eventFilters }),
  output: z.object({ keys: z.array(z.string()) }),
})
