/** Intervals of a timezone, slowly and obviously: by what a clock on the wall shows, as Node.js writes it. */

export const QUARTER = 900_000

export type LocalInterval = 'hour' | 'day' | 'half_week' | 'week' | 'month'

/** The name of the interval that a time lies in: the same for all times of one. */
export function intervalName(at: string | number, interval: LocalInterval, timeZone: string): string {
  const time = typeof at === 'number' ? at : Date.parse(at)
  const shown = formatOf(timeZone).format(time)
  const date = shown.slice(0, 10)
  // When the clocks are put back, an hour comes twice.
  if (interval === 'hour') return `${shown.slice(0, 13)}, ${Date.parse(`${shown.replace(' ', 'T')}Z`) - time}`
  if (interval === 'day') return date
  if (interval === 'month') return date.slice(0, 7)
  const day = new Date(date)
  // Sunday is the last day of its week.
  const weekday = day.getUTCDay() || 7
  day.setUTCDate(day.getUTCDate() - (interval === 'half_week' && weekday >= 5 ? weekday - 5 : weekday - 1))
  return day.toISOString().slice(0, 10)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' })
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
