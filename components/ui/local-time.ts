/** What the clocks of a timezone show: as the server knows it, or else as the browser does. */

export interface TimeZone {
  /** When the clocks are changed, in milliseconds since 1970, in order. */
  changes: number[]
  /** Milliseconds ahead of UTC: one more than there are changes. */
  offsets: number[]
}

const adopted = new Map<string, TimeZone>()
const formats = new Map<string, Intl.DateTimeFormat>()

export function adoptTimeZones(zones: Record<string, TimeZone>): void {
  for (const [name, zone] of Object.entries(zones)) adopted.set(name, zone)
}

/** A time as the clocks show it: a date whose parts in UTC are those of the timezone. */
export function localTime(iso: string, timezone: string): Date {
  const at = Date.parse(iso)
  const zone = adopted.get(timezone)
  if (!zone) return new Date(Date.parse(`${formatOf(timezone).format(at).replace(' ', 'T')}Z`))
  const next = zone.changes.findIndex((change) => change > at)
  return new Date(at + (zone.offsets.at(next) as number))
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    // Swedish writes dates as ISO does.
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  return format
}
