import { z } from 'zod'
import {
  breakdown,
  coverage,
  cursor,
  filters,
  interval,
  limit,
  range,
  text,
  withProperties,
} from '@/lib/analytics/parameters/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user'
const time = z.iso.datetime({ offset: true })
const word = text(200).min(1)
const PROPERTIES_LIMIT = 16 * 1024
const DEPTH_LIMIT = 8

/** What is wrong with a value for a jsonb column, or nothing. */
function jsonFault(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() && !value.includes('\0') ? undefined : 'holds a NUL or a lone surrogate'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= DEPTH_LIMIT) return `is nested deeper than ${DEPTH_LIMIT} levels`
  for (const [key, inner] of Object.entries(value)) {
    const fault = jsonFault(key) ?? jsonFault(inner, depth + 1)
    if (fault) return fault
  }
  return undefined
}

export const properties = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    { error: 'Expected an object' },
  )
  .superRefine((value, context) => {
    const fault = jsonFault(value)
    if (fault) context.addIssue({ code: 'custom', message: `The object ${fault}` })
    else if (JSON.stringify(value).length > PROPERTIES_LIMIT)
      context.addIssue({ code: 'custom', message: 'Larger than 16 KB' })
  })
  .meta({ type: 'object' })

/** The fields that records of every kind share. */
export const commonFields = {
  id: z
    .guid()
    .optional()
    .describe('The idempotency key: a repeat with the same id and user is counted once. Made here if absent'),
  userId: word.optional(),
  anonymousId: word.optional(),
  sessionId: word.optional(),
  occurredAt: time.optional().describe('When it happened; when it was received, if absent'),
  properties: properties.optional().describe('Up to 16 KB, 8 levels deep'),
  userAgent: text(1000)
    .optional()
    .describe('The user’s agent, where a server sends for them; the request’s own, if absent'),
  device: word.optional(),
  browser: word.optional(),
  os: word.optional(),
}

const eventFields = {
  type: word.optional().describe('Such as page_view, click or custom; custom, if absent'),
  name: word.optional().describe('The type, if absent'),
  category: word.optional(),
  pageUrl: text(2000).optional(),
  pageTitle: text(500).optional(),
  referrer: text(2000).optional(),
  durationMs: z.number().min(0).max(2_147_483_647).optional(),
}

type Named = { userId?: string; anonymousId?: string; type?: string; name?: string }
const hasUser = (value: Named) => value.userId !== undefined || value.anonymousId !== undefined
const hasName = (value: Named) => value.name !== undefined || value.type !== undefined
const noUser = { path: ['userId'], error: 'userId or anonymousId is needed' }
const noName = { path: ['name'], error: 'name or type is needed' }

/** An event as it stands in a batch. */
export const eventRecord = z
  .strictObject({ kind: z.literal('event'), ...commonFields, ...eventFields })
  .refine(hasUser, noUser)
  .refine(hasName, noName)
export type EventRecord = z.output<typeof eventRecord>

/** In `writeKey` the key may travel where a header cannot: `sendBeacon`. */
const envelope = {
  writeKey: z.string().max(100).optional().describe('Instead of the Authorization header'),
  sentAt: time
    .optional()
    .describe('The sender’s clock as it sends: corrects occurredAt when the clock is off by over 5 s'),
}

export const recordReceipt = z.object({
  accepted: z.number().int().describe('Stored now, durably'),
  duplicates: z.number().int().describe('Already there'),
  dropped: z.number().int().describe('From bots: not stored, counted'),
  rejected: z.array(z.object({ index: z.number().int(), path: z.string(), message: z.string() })),
})

export const trackEvent = endpoint({
  id: 'trackEvent',
  method: 'POST',
  path: `${BASE}/events/track`,
  access: 'record',
  summary: 'Record one event',
  description: '202 means that the event is durable. A repeat with the same id is counted once.',
  input: z
    .strictObject({ ...envelope, ...commonFields, ...eventFields })
    .refine(hasUser, noUser)
    .refine(hasName, noName),
  output: recordReceipt,
  status: 202,
  maxBytes: 64 * 1024,
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
      .describe('Of the shape {kind: "event", …} with the fields of /events/track'),
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
  input: withProperties({ ...range, ...filters, limit: limit(50), cursor }),
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
    ...filters,
    interval: interval
      .optional()
      .describe(
        'From the length of the range, if left out: hour up to 2 days, day up to 92, then week and month',
      ),
    breakdown: breakdown.optional(),
    compare: z.literal('previous').optional().describe('The same length of time just before'),
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
      .array(z.object({ value: z.string().nullable(), events: z.number().int(), users: z.number().int() }))
      .nullable(),
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
  input: withProperties({ ...range, ...filters }),
  output: z.object({ keys: z.array(z.string()) }),
})
