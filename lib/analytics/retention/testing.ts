/** Intervals of a timezone, slowly and obviously, for the tests of retention, features and satisfaction. */

const QUARTER = 900_000

export type LocalInterval = 'hour' | 'day' | 'week' | 'month'

/** The name of the interval that a time lies in: the same for all times of one, and in their order. */
export function intervalName(at: string | number, interval: LocalInterval, timeZone: string): string {
  const time = new Date(at)
  const date = formatOf(timeZone).format(time)
  if (interval === 'hour') return time.toISOString().slice(0, 13)
  if (interval === 'day') return date
  if (interval === 'month') return date.slice(0, 7)
  const monday = new Date(date)
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7))
  return monday.toISOString().slice(0, 10)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  formats.set(timeZone, format)
  return format
}

/** The names of the intervals that touch a range of whole quarters of an hour, in order. */
export function intervalNames(from: string, to: string, interval: LocalInterval, timeZone: string): string[] {
  const names = new Set<string>()
  for (let at = Date.parse(from); at < Date.parse(to); at += QUARTER)
    names.add(intervalName(at, interval, timeZone))
  return [...names]
}
