export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000
/** Days of data. */
export const DAYS = 30

/** Visits by hour of the visitor's own day: little at night, a peak before noon and another in the evening. */
export const byHour = [
  3, 2, 1, 1, 1, 2, 5, 10, 18, 26, 30, 29, 25, 26, 27, 25, 23, 22, 24, 28, 30, 25, 15, 7,
].map((weight, hour) => [hour, weight] as const)

const byWeekday = [0.62, 1.08, 1.14, 1.12, 1.08, 0.96, 0.68]

/** How busy a day is for its weekday, in UTC; about 1 on average. */
export function weekdayFactor(dayStart: number): number {
  return byWeekday[new Date(dayStart).getUTCDay()] ?? 1
}

/** The launch, in days before the end, and how many times as many new visitors it and the days after it brought. */
const LAUNCH = 12
const LAUNCH_BUMP = [2.4, 1.9, 1.5, 1.25, 1.1]

/** How many new visitors a day brings, relative to the first: slow growth, the week, and the launch. */
export function arrivals(dayStart: number, end: number): number {
  const daysLeft = Math.floor((end - dayStart) / DAY_MS)
  const growth = 1 + 0.015 * (DAYS - daysLeft)
  return growth * weekdayFactor(dayStart) * (LAUNCH_BUMP[LAUNCH - daysLeft] ?? 1)
}

/** The start of the UTC day. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS
