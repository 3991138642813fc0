/** Dates and the timezones that they begin and end in. Instants are milliseconds since 1970. */

const DAY = 24 * 3_600_000

interface Formats {
  date: Intl.DateTimeFormat
  time: Intl.DateTimeFormat
}

/** A format takes longer to make than all the queries of a chart to plan; a name has many spellings, so not all are kept. */
const FORMATS = 500
const known = new Map<string, Formats>()

function formatsOf(timeZone: string): Formats {
  const kept = known.get(timeZone)
  if (kept) return kept
  if (known.size >= FORMATS) known.clear()
  const formats = {
    date: new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }),
    time: new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
  }
  known.set(timeZone, formats)
  return formats
}

/** A date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)
}

/** A date so many months later. */
export function addMonths(date: string, months: number): string {
  const at = new Date(date)
  at.setUTCMonth(at.getUTCMonth() + months)
  return at.toISOString().slice(0, 10)
}

/** The date that it is in a timezone: `2026-11-22`. */
export function localDate(at: number, timezone: string): string {
  return formatsOf(timezone).date.format(at)
}

/** The instant at which a date begins in a timezone. */
export function midnight(date: string, timezone: string): number {
  const utc = Date.parse(date)
  // The offset at the guess may differ from the one at the answer, where a clock change lies between: guess twice.
  const first = utc - offset(utc, timezone)
  return utc - offset(first, timezone)
}

/** Milliseconds that a timezone is ahead of UTC at an instant. */
export function offset(at: number, timezone: string): number {
  const parts = formatsOf(timezone).time.formatToParts(at)
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
  return local - Math.floor(at / 1000) * 1000
}
