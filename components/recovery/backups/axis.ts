import { formatDay, formatTime } from '@/components/ui/format'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const steps = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
]
const MOST = 6

export interface Tick {
  /** 0 to 1 of the axis. */
  x: number
  label: string
}

/** Round times in UTC from one to the other, in milliseconds since 1970: six at the most. */
export function timeTicks(from: number, to: number): Tick[] {
  const step = steps.find((one) => (to - from) / one <= MOST) ?? 365 * DAY
  const ticks: Tick[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const iso = new Date(at).toISOString()
    const day = formatDay(iso, 'UTC').replace(/ \d+$/, '')
    ticks.push({
      x: (at - from) / (to - from),
      label: at % DAY === 0 ? day : formatTime(iso, 'UTC').slice(0, 5),
    })
  }
  return ticks
}
