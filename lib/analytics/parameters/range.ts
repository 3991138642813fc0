import { addDays, addMonths, localDate, midnight } from '@/db/time-zone'
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
  /** When it was asked for: a range that reaches beyond is not over. */
  now: Date
}

/**
 * The range that a question asks for. `-30d` is the last 30 days, today included; a date as start is its midnight in
 * the timezone, as end the midnight after it. Without an end it reaches to the end of today, or of this hour where it
 * begins at an hour: whole days and hours are what rollups hold.
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
  const to =
    input.to === undefined ? endOfNow(input.from, timezone, now) : resolveEnd(input.to, timezone, now)
  if (to <= from) {
    throw new Problem(422, 'to: The range ends before it begins', {
      errors: [{ path: 'to', message: 'Must be after from' }],
    })
  }
  return { from: new Date(from), to: new Date(to), timezone, now: new Date(now) }
}

/**
 * The range before: as long, in days of the timezone where it is whole days. Of one that is not over only as much of it
 * as has passed, so that this morning is compared with yesterday morning.
 */
export function previousRange({ from, to, timezone, now }: Range): Range {
  const start = localDate(from.getTime(), timezone)
  const end = localDate(to.getTime(), timezone)
  const days = Math.round((Date.parse(end) - Date.parse(start)) / DAY)
  const whole = from.getTime() === midnight(start, timezone) && to.getTime() === midnight(end, timezone)
  const before = whole ? midnight(addDays(start, -days), timezone) : 2 * from.getTime() - to.getTime()
  const length = from.getTime() - before
  const passed = now > from && now < to ? now.getTime() - length : from.getTime()
  return { from: new Date(before), to: new Date(Math.min(passed, from.getTime())), timezone, now }
}

/**
 * The interval asked for, or one that suits the length of the range: at most 48 hours, 92 days, then weeks and months.
 *
 * @throws Problem 422 when it would make over 5,000 points
 */
export function resolveInterval(
  asked: Interval | undefined,
  { from, to }: Pick<Range, 'from' | 'to'>,
): Interval {
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

function endOfNow(from: string, timezone: string, now: number): number {
  if (/^-\d+h$/.test(from)) return (Math.floor(now / HOUR) + 1) * HOUR
  return resolveEnd(localDate(now, timezone), timezone, now)
}

function resolveEnd(text: string, timezone: string, now: number): number {
  if (text.startsWith('-')) return resolveStart(text, timezone, now)
  return isDate(text) ? midnight(addDays(text, 1), timezone) : Date.parse(text)
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
