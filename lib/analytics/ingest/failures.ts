import { singleton } from '@/lib/singleton'

/** Records that failed are told for this long, in minutes. */
export const TOLD_MINUTES = 5

const failures = () => singleton('ingest.failures', () => new Map<number, number>())

const minuteOf = (at: number): number => Math.floor(at / 60_000)

/** Counts records that this side could not store, though nothing was wrong with them. */
export function countFailed(records: number, at = Date.now()): void {
  const counts = failures()
  const minute = minuteOf(at)
  counts.set(minute, (counts.get(minute) ?? 0) + records)
  for (const old of counts.keys()) if (old < minute - TOLD_MINUTES) counts.delete(old)
}

/** What failed, as pairs of a minute since 1970 and a count. */
export const failedByMinute = (): [number, number][] => [...failures()]

/** How many of such pairs failed within the last minutes. */
export const sumLately = (pairs: [number, number][], at = Date.now()): number =>
  pairs.reduce((sum, [minute, count]) => (minute > minuteOf(at) - TOLD_MINUTES ? sum + count : sum), 0)
