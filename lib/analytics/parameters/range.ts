import type { Project } from '@/lib/access/caller'
import type { Interval } from '@/lib/analytics/parameters/contract'
import { Problem } from '@/lib/http/problem'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Points of a series at the most. */
const POINTS = 5_000

const lengths: Record<Interval, number> = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY }

export interface Range {
  from: Date
  /** Not included. */
  to: Date
  timezone: string
}

/**
 * The range that a question asks for. `-30d` is the last 30 days, today included; a date as start is its midnight in
 * the timezone, as end the midnight after it.
 *
 * @throws Problem 422 when the end is not after the start
 */
export function resolveRange(
  input: { from: string; to?: string; timezone?: string },
  project: Project,
  now: number,
): Range {
  const timezone = input.timezone ?? project.timezone
  const from = resolveStart(input.from, timezone, now)
  const to = input.to === undefined ? now : resolveEnd(input.to, timezone, now)
  if (to <= from) {
    throw new Problem(422, 'to: The range ends before it begins', {
      errors: [{ path: 'to', message: 'Must be after from' }],
    })
  }
  return { from: new Date(from), to: new Date(to), timezone }
}

/** The range of the same length just before. */
export function previousRange({ from, to, timezone }: Range): Range {
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from, timezone }
}

/**
 * The interval asked for, or one that suits the length of the range: at most 48 hours, 92 days, then weeks and months.
 *
 * @throws Problem 422 when it would make over 5,000 points
 */
export function resolveInterval(asked: Interval | undefined, { from, to }: Range): Interval {
  const length = to.getTime() - from.getTime()
  const interval =
    asked ??
    (length <= 2 * DAY ? 'hour' : length <= 92 * DAY ? 'day' : length <= 550 * DAY ? 'week' : 'month')
  if (length / lengths[interval] > POINTS) {
    throw new Problem(422, 'interval: Too short for this range', {
      errors: [{ path: 'interval', message: `Would make over ${POINTS} points; take a longer one` }],
    })
  }
  return interval
}

function resolveStart(text: string, timezone: string, now: number): number {
  const span = /^-(\d+)([hdwm])$/.exec(text)
  if (!span) return isDate(text) ? midnight(text, timezone) : Date.parse(text)
  const count = Number(span[1])
  if (span[2] === 'h') return Math.floor(now / HOUR) * HOUR - (count - 1) * HOUR
  const today = localDate(now, timezone)
  if (span[2] === 'm') return midnight(addMonths(today, -count), timezone)
  return midnight(addDays(today, 1 - count * (span[2] === 'w' ? 7 : 1)), timezone)
}

function resolveEnd(text: string, timezone: string, now: number): number {
  if (text.startsWith('-')) return resolveStart(text, timezone, now)
  return isDate(text) ? midnight(addDays(text, 1), timezone) : Date.parse(text)
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)
}

function addMonths(date: string, months: number): string {
  const at = new Date(date)
  at.setUTCMonth(at.getUTCMonth() + months)
  return at.toISOString().slice(0, 10)
}

function localDate(at: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at)
}

/** The instant at which a date begins in a timezone. */
function midnight(date: string, timezone: string): number {
  const utc = Date.parse(date)
  // The offset at the guess may differ from the one at the answer, where a clock change lies between: guess twice.
  const first = utc - offset(utc, timezone)
  return utc - offset(first, timezone)
}

/** Milliseconds that a timezone is ahead of UTC at an instant. */
function offset(at: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
  return local - Math.floor(at / 1000) * 1000
}
