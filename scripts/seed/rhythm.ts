export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000
/** Days of data. */
export const DAYS = 60

/** Visits by hour of the visitor's own day: little at night, a peak before noon and another in the evening. */
export const byHour = [
  3, 2, 1, 1, 1, 2, 5, 10, 18, 26, 30, 29, 25, 26, 27, 25, 23, 22, 24, 28, 30, 25, 15, 7,
].map((weight, hour) => [hour, weight] as const)

/** The launch, in days before the last, and how many times as many new visitors it and the days after it brought. */
const LAUNCH = 12
const LAUNCH_BUMP = [2.4, 1.9, 1.5, 1.25, 1.1]

/**
 * How many new visitors a day brings, relative to the first: slow growth and the launch. It knows no weekdays, since the days
 * of the draw fall on other ones with every start.
 *
 * @param day from 0
 */
export function arrivals(day: number): number {
  return (1 + 0.012 * day) * (LAUNCH_BUMP[LAUNCH - (DAYS - 1 - day)] ?? 1)
}
