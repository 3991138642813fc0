/** Where something in WAL lies in time, as far as LSNs can tell. */

/** PostgreSQL's default; with another the picture is off by less than the 4 GB that a name's middle part stands for. */
const SEGMENT_BYTES = 16 * 1024 * 1024
const FOUR_GB = 2 ** 32

/** An LSN whose time is known. */
export interface Anchor {
  /** Bytes since 0/0. */
  at: number
  /** Milliseconds since 1970. */
  time: number
}

/** `16/B374D848` as bytes since 0/0. */
export function bytesOfLsn(lsn: string): number {
  const [high = '0', low = '0'] = lsn.split('/')
  return Number.parseInt(high, 16) * FOUR_GB + Number.parseInt(low, 16)
}

/** The first byte of a WAL segment, from its name of 24 digits. */
export function bytesOfSegment(name: string, segmentBytes = SEGMENT_BYTES): number {
  return (
    Number.parseInt(name.slice(8, 16), 16) * FOUR_GB + Number.parseInt(name.slice(16, 24), 16) * segmentBytes
  )
}

/** The bytes of WAL from one segment to another, both included. */
export const spanOfSegments = (from: string, to: string): [number, number] => [
  bytesOfSegment(from),
  bytesOfSegment(to) + SEGMENT_BYTES,
]

/**
 * About when a byte of WAL was written: between the two known LSNs around it, as if WAL came evenly.
 *
 * @returns milliseconds since 1970; null without any anchor
 */
export function timeOf(byte: number, anchors: Anchor[]): number | null {
  const sorted = anchors.toSorted((a, b) => a.at - b.at || a.time - b.time)
  const after = sorted.find(({ at }) => at >= byte)
  const before = sorted.findLast(({ at }) => at <= byte)
  if (!before || !after) return before?.time ?? after?.time ?? null
  if (after.at === before.at) return before.time
  return before.time + ((byte - before.at) / (after.at - before.at)) * (after.time - before.time)
}
