import { z } from 'zod'

/** Parameters that every question about records shares, and the parts of its answer. */

const day = /^\d{4}-\d{2}-\d{2}$/
const ago = /^-(\d{1,4})(h|d|w|m)$/
const instant = z.iso.datetime({ offset: true })

/** Nothing is recorded at other times, and calendars of far ones have years that are written otherwise. */
const isInReach = (text: string): boolean => text >= '1970' && text < '2201'

const time = (side: string) =>
  z
    .string()
    .max(40)
    .refine(
      (text) =>
        ago.test(text) ||
        (isInReach(text) &&
          (day.test(text) ? z.iso.date().safeParse(text).success : instant.safeParse(text).success)),
      {
        error:
          'Expected a date (2026-11-22), a time with an offset (2026-11-22T09:00:00Z) of 1970 to 2200, or a span back from now (-30d)',
      },
    )
    .describe(side)

/** Whether Node.js knows a timezone. Offsets are refused: they are of no place, and have no summer. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const interval = z.enum(['hour', 'day', 'week', 'month'])
export type Interval = z.infer<typeof interval>

export const timezone = z
  .string()
  .max(64)
  .refine(isTimezone, { error: 'Expected an IANA timezone such as Europe/Berlin' })

/** A string that PostgreSQL can store: well-formed Unicode without NUL. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'Expected well-formed Unicode without NUL characters',
    })

/** Characters of a name or an id. */
const WORD = 200
export const word = text(WORD).min(1)

/** What a program writes where it knows nobody: all of these would be one user. */
const NOBODY = new Set([
  ...['undefined', 'null', 'nil', 'none', 'nan', 'true', 'false', '0', '-1', '[object object]', '{}', '[]'],
  ...['anonymous', 'guest', 'unknown', 'nobody', 'n/a', 'not set', '(not set)', 'not_authenticated'],
  ...['id', 'userid', 'user_id', 'anonymousid', 'anonymous_id', 'distinctid', 'distinct_id', 'email'],
  '00000000-0000-0000-0000-000000000000',
])
// What is longer is refused for that, and not looked at: the end of many spaces is long to find.
const isNobody = (value: string): boolean =>
  value.length <= WORD &&
  (NOBODY.has(value.replace(/^["'\s]+|["'\s]+$/g, '').toLowerCase()) || !/[^"'\s]/.test(value))

/** The id of a user or of a session, which has to tell one from another. */
export const person = word.refine((value) => !isNobody(value), {
  error: 'Says nobody: all who are recorded so would be one. Leave it out, or send an id',
})

export const range = {
  project: word.optional().describe('Id or name of the project; with a secret key it is the key’s own'),
  from: time(
    'Start. A date is that day’s start in the timezone; -30d is the last 30 days, today included',
  ).default('-30d'),
  to: time(
    'End, not included. A date is the end of that day in the timezone; the end of today, or of this hour for -24h and the like, if left out',
  ).optional(),
  timezone: timezone.optional().describe('For dates and intervals; the project’s, if left out'),
}

/** Filters that records of every kind have. */
export const commonFilters = {
  userId: word.optional(),
  sessionId: word.optional(),
  device: word.optional(),
  browser: word.optional(),
  os: word.optional(),
}

export const eventFilters = {
  name: word.optional(),
  type: word.optional(),
  category: word.optional(),
  page: text(2000).optional().describe('Path of the page, such as /pricing'),
  ...commonFilters,
}

const NESTED = /^(property|context)\.[^\0]{1,100}$/
export type Nested = 'property' | 'context'

const isNested = (name: string, kinds: readonly Nested[]): boolean =>
  NESTED.test(name) && name.isWellFormed() && kinds.some((kind) => name.startsWith(`${kind}.`))

/** An input of named fields and any `property.<key>` filters; of `context.<key>` too, where the records have one. */
export function withProperties<Shape extends z.ZodRawShape>(
  shape: Shape,
  kinds: readonly Nested[] = ['property'],
) {
  return z
    .object(shape)
    .catchall(text(1000))
    .superRefine((value, context) => {
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(shape, key) || isNested(key, kinds)) continue
        context.addIssue({ code: 'custom', path: [key], message: 'Unknown parameter' })
      }
    })
}

/** The dimensions that a breakdown groups by: these fields, and `property.<key>`. */
export const breakdownBy = (fields: readonly string[], kinds: readonly Nested[] = ['property']) =>
  z
    .string()
    .max(120)
    .refine((value) => fields.includes(value) || isNested(value, kinds), {
      error: `Expected ${[...fields, ...kinds.map((kind) => `${kind}.<key>`)].join(', ')}`,
    })
    .optional()

export const intervalParameter = interval
  .optional()
  .describe('From the length of the range, if left out: hour up to 2 days, day up to 92, then week and month')

export const compare = z
  .literal('previous')
  .optional()
  .describe('The same length of time just before; of a range that is not over as much as has passed')

export const limit = (preset: number) => z.coerce.number().int().min(1).max(1000).default(preset)
export const cursor = z.string().max(4000).describe('The nextCursor of the answer before').optional()

/** What an answer covers and how fresh it is. */
export const coverage = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timezone: z.string(),
  asOf: z.iso.datetime().describe('Every record acknowledged before this time is counted'),
  readFrom: z
    .enum(['leader', 'standby'])
    .describe('What answered; a standby only if it held all that was acknowledged before asOf'),
}

/** What `compare=previous` is compared with. */
export const span = { from: z.iso.datetime(), to: z.iso.datetime() }

/** Milliseconds; none, if there is nothing to measure. Interpolated, as PostgreSQL's `percentile_cont` does. */
export const percentiles = z.object({ p50: z.number().nullable(), p90: z.number().nullable() })

/** From 0 to 1; none, if there is nothing to divide by. */
export const rate = z.number().nullable()

export const count = z.number().int()

/** Stands at a row of a breakdown that is for all values which have none of their own, so that the rows add up. */
export const rest = z.literal(true).optional().describe('All values that have no row of their own')
