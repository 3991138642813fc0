import { parseLsn } from '@/lib/recovery/backups/archive'

/** What initdb takes unless it is told another. */
const USUAL = 16 * 2 ** 20
const MB = 2 ** 20

/**
 * The size of a WAL segment, which pgBackRest does not tell: a backup says the LSN of its start and end and the names of the
 * segments that these are in, and within each 4 GB a segment's number is the LSN divided by its size.
 */
export function findSegmentBytes(positions: { lsn: string; segment: string }[]): number {
  const fits = (size: number) =>
    positions.every(({ lsn, segment }) => {
      // An end at the very edge of a segment is named by the one before it.
      const low = parseLsn(lsn) % 2 ** 32
      const number = Number.parseInt(segment.slice(16), 16)
      return Math.floor(low / size) === number || (low % size === 0 && low / size - 1 === number)
    })
  const possible = Array.from({ length: 11 }, (_, power) => MB * 2 ** power).filter(fits)
  return possible.includes(USUAL) || possible.length === 0 ? USUAL : (possible[0] as number)
}
