import { createHash } from 'node:crypto'
import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)

/**
 * The one clock of timezones: the data of the Node.js that runs Holdfast, read once for each zone. PostgreSQL and the
 * browser have data of their own, of another age; they are given what is worked out here. Instants are milliseconds since
 * 1970, dates are `2026-11-22`.
 */

const HOUR = 3_600_000
const QUARTER = HOUR / 4
const DAY = 24 * HOUR
/** No zone changes its clocks twice within so long. */
const STEP = 7 * DAY
/** No zone is further from UTC. */
const FURTHEST = 16 * HOUR
const FIRST = Date.UTC(1999, 11, 1)
const LAST = Date.UTC(2040, 0, 1)
/** A name has many spellings, so not all are kept. */
const ZONES = 500

/** When a zone's clocks are changed, from 2000 to 2040, and how far ahead of UTC it is before and after each change. */
export interface TimeZone {
  /** Tells whether another process knows the same. */
  version: string
  /** In order, each at a quarter of an hour: where clocks go back at 00:01, the first minute would be a day of its own. */
  changes: number[]
  /** In milliseconds: one more than there are changes. */
  offsets: number[]
}

export type Interval = 'hour' | 'day' | 'week' | 'month'
/** What rollups are by: half a week begins on Monday or on Friday. */
export type Grain = 'hour' | 'day' | 'half_week' | 'week'

const known = new Map<string, TimeZone>()

/** Whether a process knows the same of a timezone; undefined for one that this Node.js does not know, as an older one may not. */
export function versionOf(name: string): string | undefined {
  try {
    return timeZoneOf(name).version
  } catch {
    return undefined
  }
}

/** @throws RangeError for a name that there is not */
export function timeZoneOf(name: string): TimeZone {
  const kept = known.get(name)
  if (kept) return kept
  if (known.size >= ZONES) known.clear()
  const zone = readTimeZone(name)
  known.set(name, zone)
  return zone
}

/** The date that it is in a timezone. */
export function localDate(at: number, timezone: string): string {
  const { changes, offsets } = timeZoneOf(timezone)
  return new Date(at + (offsets[countUpTo(changes, at)] as number)).toISOString().slice(0, 10)
}

/**
 * The instant at which a date begins in a timezone: the first that is of it or, where the clocks leave it out, of the next.
 * Where midnight comes twice, it is the first one.
 */
export function midnight(date: string, timezone: string): number {
  const { changes, offsets } = timeZoneOf(timezone)
  const local = Date.parse(date)
  if (Number.isNaN(local)) throw new RangeError(`${date} is no date`)
  for (let nth = countUpTo(changes, local - FURTHEST); ; nth++) {
    const at = Math.max(local - (offsets[nth] as number), changes[nth - 1] ?? Number.NEGATIVE_INFINITY)
    if (at < (changes[nth] ?? Number.POSITIVE_INFINITY)) return at
  }
}

/** A date so many days later. */
export const addDays = (date: string, days: number): string => dayjs.utc(date).add(days, 'day').format(DATE)

/** A date so many months later; the last day of a month that is shorter. */
export const addMonths = (date: string, months: number): string =>
  dayjs.utc(date).add(months, 'month').format(DATE)

/**
 * The start of the interval that an instant lies in. Weeks begin on Monday. An hour begins when the clock shows a whole one,
 * and when it is changed.
 */
export function startOf(interval: Interval | Grain, at: number, timezone: string): number {
  if (interval !== 'hour') return midnight(firstDate(interval, localDate(at, timezone)), timezone)
  const { changes, offsets } = timeZoneOf(timezone)
  const nth = countUpTo(changes, at)
  const offset = offsets[nth] as number
  return Math.max(floor(at + offset, HOUR) - offset, changes[nth - 1] ?? Number.NEGATIVE_INFINITY)
}

/** The start of the interval after that of an instant. */
export function nextStart(interval: Interval | Grain, at: number, timezone: string): number {
  if (interval !== 'hour') return midnight(nextDate(interval, localDate(at, timezone)), timezone)
  const { changes, offsets } = timeZoneOf(timezone)
  const nth = countUpTo(changes, at)
  const offset = offsets[nth] as number
  return Math.min(floor(at + offset, HOUR) + HOUR - offset, changes[nth] ?? Number.POSITIVE_INFINITY)
}

/** Whether the hours of a timezone are those of UTC, all over a range. */
export function hasWholeHours({ from, to }: { from: Date; to: Date }, timezone: string): boolean {
  const { changes, offsets } = timeZoneOf(timezone)
  const first = countUpTo(changes, from.getTime())
  const last = countUpTo(changes, to.getTime())
  return offsets.slice(first, last + 1).every((offset) => offset % HOUR === 0)
}

const DATE = 'YYYY-MM-DD'
const floor = (value: number, step: number): number => Math.floor(value / step) * step

/** Days from Monday to Friday. */
const FRIDAY = 4

function firstDate(interval: Exclude<Interval | Grain, 'hour'>, date: string): string {
  if (interval === 'day') return date
  if (interval === 'month') return `${date.slice(0, 8)}01`
  const day = (new Date(date).getUTCDay() + 6) % 7
  return addDays(date, interval === 'half_week' && day >= FRIDAY ? FRIDAY - day : -day)
}

/** The first date after the interval that a date lies in. */
function nextDate(interval: Exclude<Interval | Grain, 'hour'>, date: string): string {
  const first = firstDate(interval, date)
  if (interval === 'day') return addDays(first, 1)
  if (interval === 'month') return addMonths(first, 1)
  const monday = firstDate('week', date)
  return addDays(monday, interval === 'half_week' && first === monday ? FRIDAY : 7)
}

/** How many of some sorted instants are not after another one. */
function countUpTo(sorted: number[], at: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  return low
}

function readTimeZone(name: string): TimeZone {
  const offsetOf = readerOf(name)
  const changes: number[] = []
  const offsets = [offsetOf(FIRST)]
  for (let at = FIRST; at < LAST; at += STEP) {
    const after = offsetOf(at + STEP)
    if (after === offsets.at(-1)) continue
    changes.push(floor(findChange(at, at + STEP, offsetOf), QUARTER))
    offsets.push(after)
  }
  const version = createHash('sha256')
    .update(JSON.stringify([changes, offsets]))
    .digest('base64url')
  return { version, changes, offsets }
}

/** The first second at which the offset is that of the end. */
function findChange(from: number, to: number, offsetOf: (at: number) => number): number {
  const after = offsetOf(to)
  let [before, found] = [from, to]
  while (found - before > 1000) {
    const middle = before + floor((found - before) / 2, 1000)
    if (offsetOf(middle) === after) found = middle
    else before = middle
  }
  return found
}

/** What Node.js knows: milliseconds that a timezone is ahead of UTC at a whole second. */
function readerOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - at
  }
}
