import { z } from 'zod'

/** Parameters that every question about records shares, and the parts of its answer. */

const day = /^\d{4}-\d{2}-\d{2}$/
const ago = /^-(\d{1,4})(h|d|w|m)$/
const instant = z.iso.datetime({ offset: true })

const time = (side: string) =>
  z
    .string()
    .max(40)
    .refine(
      (text) =>
        ago.test(text) ||
        (day.test(text) ? z.iso.date().safeParse(text).success : instant.safeParse(text).success),
      {
        error:
          'Expected a date (2026-11-22), a time with an offset (2026-11-22T09:00:00Z) or a span back from now (-30d)',
      },
    )
    .describe(side)

/** Whether Intl and so PostgreSQL know a timezone; offsets are refused, since PostgreSQL reads their sign the other way. */
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

export const word = text(200).min(1)

export const range = {
  project: word.optional().describe('Id or name of the project; with a secret key it is the key’s own'),
  from: time(
    'Start. A date is that day’s start in the timezone; -30d is the last 30 days, today included',
  ).default('-30d'),
  to: time('End, not included. A date is the end of that day in the timezone; now, if left out').optional(),
  timezone: timezone.optional().describe('For dates and intervals; the project’s, if left out'),
}

export const filters = {
  name: word.optional(),
  type: word.optional(),
  category: word.optional(),
  userId: word.optional(),
  sessionId: word.optional(),
  page: text(2000).optional().describe('Path of the page, such as /pricing'),
  device: word.optional(),
  browser: word.optional(),
  os: word.optional(),
}

const PROPERTY = /^property\.[^\0]{1,100}$/

/** An input of named fields and any `property.<key>` filters. */
export function withProperties<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .object(shape)
    .catchall(text(1000))
    .superRefine((value, context) => {
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(shape, key) || (PROPERTY.test(key) && key.isWellFormed())) continue
        context.addIssue({ code: 'custom', path: [key], message: 'Unknown parameter' })
      }
    })
}

export const breakdown = z
  .string()
  .max(120)
  .refine(
    (value) =>
      ['name', 'type', 'category', 'page', 'device', 'browser', 'os'].includes(value) ||
      (PROPERTY.test(value) && value.isWellFormed()),
    {
      error: 'Expected name, type, category, page, device, browser, os or property.<key>',
    },
  )

export const limit = (preset: number) => z.coerce.number().int().min(1).max(1000).default(preset)
export const cursor = z.string().max(400).describe('The nextCursor of the answer before').optional()

/** What an answer covers and how fresh it is. */
export const coverage = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timezone: z.string(),
  asOf: z.iso.datetime().describe('Every record acknowledged before this time is counted'),
}
