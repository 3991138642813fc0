import { z } from 'zod'
import { person, text, word } from '@/lib/analytics/parameters/contract'

/** What recording is made of, whatever the kind: the fields that all records share, their envelope and the receipt. */

/** The kinds of records. */
export const recordKind = z.enum(['event', 'feature', 'stage', 'step', 'response'])

/** A record of any kind, in words. */
export const recordWords = {
  kind: recordKind,
  id: z.string(),
  title: z.string().describe('Name of the event, feature, stage or step, or of the survey'),
  detail: z.string().nullable().describe('Page, action, funnel, journey, or score and response, in words'),
}

const PROPERTIES_LIMIT = 16 * 1024
const DEPTH_LIMIT = 8

const time = z.iso.datetime({ offset: true })
export const durationMs = z
  .number()
  .min(0)
  .max(2_147_483_647)
  .optional()
  .describe('Rounded to whole milliseconds')

/** Characters that are kept of texts that browsers and people make: what is longer is cut, and the record kept. */
export const kept = {
  pageUrl: 2000,
  pageTitle: 500,
  referrer: 2000,
  error: 2000,
  question: 1000,
  response: 5000,
  userAgent: 1000,
} as const

/** A text of any length, of which so much is kept. */
export const long = (field: keyof typeof kept) =>
  text(64 * 1024).describe(`What is over ${kept[field].toLocaleString('en')} characters is cut`)

/** What is wrong with a value for a jsonb column, or nothing. */
function jsonFault(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'bigint') return 'holds a number that cannot be kept exactly: send it as text'
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

/** An object of any shape: up to 16 KB, 8 levels deep. */
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
  userId: person.optional(),
  anonymousId: person.optional(),
  sessionId: person.optional(),
  occurredAt: time.optional().describe('When it happened; when it was received, if absent'),
  properties: properties.optional().describe('Up to 16 KB, 8 levels deep'),
  userAgent: long('userAgent')
    .optional()
    .describe('The user’s agent, where a server sends for them; the request’s own, if absent'),
  device: word.optional(),
  browser: word.optional(),
  os: word.optional(),
}
export type CommonFields = z.output<z.ZodObject<typeof commonFields>>

export const hasUser = (value: { userId?: string; anonymousId?: string }) =>
  value.userId !== undefined || value.anonymousId !== undefined
export const noUser = { path: ['userId'], error: 'userId or anonymousId is needed' }

/** In `writeKey` the key may travel where a header cannot: `sendBeacon`. */
export const envelope = {
  writeKey: z.string().max(100).optional().describe('Instead of the Authorization header'),
  sentAt: time
    .optional()
    .describe('The sender’s clock as it sends: corrects occurredAt when the clock is off by over 5 s'),
}

export const recordReceipt = z.object({
  accepted: z.number().int().describe('Stored now, durably'),
  spooled: z
    .number()
    .int()
    .describe(
      'Of those accepted: on disk here until a leader takes writes again; a duplicate among them is counted once',
    ),
  duplicates: z.number().int().describe('Already there'),
  dropped: z.number().int().describe('From bots: not stored, counted'),
  cut: z.number().int().describe('Texts that are longer than is kept, and were cut'),
  rejected: z.array(z.object({ index: z.number().int(), path: z.string(), message: z.string() })),
})
export type Receipt = z.output<typeof recordReceipt>

/** What every endpoint that records one record has in common. */
export const recordsOne = {
  method: 'POST',
  access: 'record',
  description: '202 means that the record is durable. A repeat with the same id is counted once.',
  output: recordReceipt,
  status: 202,
  maxBytes: 64 * 1024,
} as const
