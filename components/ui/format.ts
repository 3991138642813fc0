import { localTime } from './local-time'

/** Numbers and times as text, the same on the server and in the browser. */

export const NONE = '–'

const whole = new Intl.NumberFormat('en-US')
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const inWords = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  compactDisplay: 'long',
  maximumFractionDigits: 1,
})
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const formatNumber = (value: number | null): string => (value === null ? NONE : whole.format(value))

/** Short enough for an axis: 1.2K. */
export const formatCompact = (value: number): string => compact.format(value)

/** A fraction as per cent; what is there but rounds to nothing is not shown as nothing. */
export function formatShare(fraction: number | null): string {
  if (fraction === null || !Number.isFinite(fraction)) return NONE
  if (fraction > 0 && fraction < 0.001) return '<0.1%'
  return `${(fraction * 100).toFixed(1)}%`
}

/** Milliseconds, rounded to the last unit that is shown: what rounds to a whole second, minute or hour is shown as one. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return NONE
  if (ms < 999.5) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(ms / 60_000)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Reading 9.8 million records: about 4 s */
export function formatReading({ records, ms }: { records: number; ms: number }): string {
  const time = ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
  return `Reading ${inWords.format(records)} records: about ${time}`
}

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return NONE
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`
}

// By parts, since browsers and Node.js do not agree on the words and spaces of a whole date.
function partsOf(iso: string, timezone: string) {
  const time = localTime(iso, timezone)
  const two = (part: number) => String(part).padStart(2, '0')
  return {
    year: time.getUTCFullYear(),
    month: months[time.getUTCMonth()],
    day: time.getUTCDate(),
    hour: two(time.getUTCHours()),
    minute: two(time.getUTCMinutes()),
    second: two(time.getUTCSeconds()),
  }
}

/** 14:03:05 */
export function formatTime(iso: string, timezone: string): string {
  const { hour, minute, second } = partsOf(iso, timezone)
  return `${hour}:${minute}:${second}`
}

/** 12 Nov 2026 */
export function formatDay(iso: string, timezone: string): string {
  const { day, month, year } = partsOf(iso, timezone)
  return `${day} ${month} ${year}`
}

/** 12 Nov 2026, 14:03:05 */
export const formatMoment = (iso: string, timezone: string): string =>
  `${formatDay(iso, timezone)}, ${formatTime(iso, timezone)}`

/** The start of an interval, short for an axis or in full. */
export function formatStart(iso: string, timezone: string, interval: string, full = false): string {
  const { year, month, day, hour, minute } = partsOf(iso, timezone)
  if (interval === 'month') return `${month} ${year}`
  const date = full ? `${day} ${month} ${year}` : `${day} ${month}`
  if (interval === 'hour') return full ? `${date}, ${hour}:${minute}` : `${day} ${month} ${hour}:${minute}`
  return interval === 'week' && full ? `Week of ${date}` : date
}
