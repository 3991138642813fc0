import type { ArchivedFile, Inventory } from '@/lib/recovery/backups/provider'

/** A WAL segment: its timeline, and its number counted from LSN 0/0. */
export interface Segment {
  timeline: number
  number: number
}

/** Segments that are missing one after another. */
export interface Gap {
  timeline: number
  from: string
  to: string
  segments: number
}

/** What can be replayed after a backup. LSNs are bytes since 0/0. */
export interface Walk {
  /** The first comes first; nothing can be reached past it. */
  gaps: Gap[]
  /** Up to where everything is there. */
  reach: number
  /** The timeline that this is on. */
  timeline: number
  /** The timeline that was gone along: recovery has to be told, if it is not the newest. */
  along: number
  /** When the last file that can be reached was archived, in milliseconds since 1970; null if there is none. */
  at: number | null
  /** The files up to there, in order. */
  files: ArchivedFile[]
}

/** A backup's place in the WAL; LSNs are bytes since 0/0. */
export interface Placed {
  timeline: number
  startLsn: number
  stopLsn?: number
  /** The one that it ended on, if that is not the one it began on. */
  stopTimeline?: number
}

type Archive = Pick<Inventory, 'wal' | 'histories' | 'segmentBytes'>

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0')

/** The name of a segment's file: timeline, and the number in two parts. https://www.postgresql.org/docs/current/wal-internals.html */
export function segmentName({ timeline, number }: Segment, segmentBytes: number): string {
  const perPart = 2 ** 32 / segmentBytes
  return hex(timeline) + hex(Math.floor(number / perPart)) + hex(number % perPart)
}

/** The segment that a file's name says; null for history files, `.partial` and all else. */
export function parseSegment(name: string, segmentBytes: number): Segment | null {
  if (!/^[0-9A-F]{24}$/.test(name)) return null
  const part = (at: number) => Number.parseInt(name.slice(at, at + 8), 16)
  return { timeline: part(0), number: part(8) * (2 ** 32 / segmentBytes) + part(16) }
}

/** Bytes since 0/0 of an LSN such as `0/3000028`. */
export function parseLsn(text: string): number {
  const [high = '', low = ''] = text.split('/')
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16)
}

/** The timelines before one, and the LSN at which each ended, as its history file has them. */
export function parseHistory(text: string): { timeline: number; end: number }[] {
  return text
    .split('\n')
    .map((line) => /^\s*(\d+)\s+([0-9A-F]+\/[0-9A-F]+)/i.exec(line))
    .filter((match) => match !== null)
    .map(([, timeline, lsn]) => ({ timeline: Number(timeline), end: parseLsn(lsn as string) }))
}

/**
 * Walks the archive from a backup on, segment by segment, over every timeline that follows from its own, to the newest that
 * has all of the backup: one that was begun by recovering to a moment before its end has not. This is our own: `pgbackrest verify` misses WAL that was deleted, and a restore without a target ends at a gap without a word.
 *
 * @param upTo an LSN after which nothing is needed
 * @param along the timeline to go along, if not the newest
 */
export function walkArchive(
  backup: Placed,
  archive: Archive,
  upTo = Number.POSITIVE_INFINITY,
  along?: number | null,
): Walk {
  const { segmentBytes } = archive
  const there = new Map(archive.wal.map((file) => [file.name, file]))
  const last = Number.isFinite(upTo) ? Math.floor(upTo / segmentBytes) : null
  const missing: Segment[] = []
  const files: ArchivedFile[] = []
  let next = Math.floor(backup.startLsn / segmentBytes)
  let timeline = backup.timeline
  const legs = findLegs(backup, archive, along ?? null)
  for (const leg of legs) {
    // The segment in which a timeline ends is whole on the next one.
    const end = leg.end === null ? newestOf(leg.timeline, archive) + 1 : Math.floor(leg.end / segmentBytes)
    for (; next < end && (last === null || next <= last); next++) {
      const segment = { timeline: leg.timeline, number: next }
      const file = there.get(segmentName(segment, segmentBytes))
      if (!file) missing.push(segment)
      else if (missing.length === 0) {
        files.push(file)
        timeline = leg.timeline
      }
    }
  }
  return {
    gaps: toGaps(missing, segmentBytes),
    reach: (missing[0]?.number ?? next) * segmentBytes,
    timeline,
    along: legs.at(-1)?.timeline ?? backup.timeline,
    at: files.at(-1)?.at ?? null,
    files,
  }
}

/** The newest timeline of which anything is archived. */
export function newestTimeline({ wal, histories, segmentBytes }: Archive): number {
  let newest = Math.max(1, ...histories.keys())
  for (const { name } of wal) newest = Math.max(newest, parseSegment(name, segmentBytes)?.timeline ?? 1)
  return newest
}

/**
 * The newest timeline that a point lies on: its own, or one that branched off after it. Of the segment in which its own ended
 * the newer one may have the only file.
 */
export function lineThrough({ timeline, lsn }: { timeline: number; lsn: number }, archive: Archive): number {
  const later = [...archive.histories].filter(([, text]) =>
    parseHistory(text).some((one) => one.timeline === timeline && one.end >= lsn),
  )
  return Math.max(timeline, ...later.map(([one]) => one))
}

/** Whether a backup can be recovered along a timeline: it has all of it. */
export const leadsTo = (backup: Placed, archive: Archive, timeline: number): boolean =>
  findLegs(backup, archive, timeline).at(-1)?.timeline === timeline

/** The timelines to go along, and where each ends; the last is still open. */
function findLegs(
  backup: Placed,
  { wal, histories, segmentBytes }: Archive,
  along: number | null,
): { timeline: number; end: number | null }[] {
  const { timeline: first, stopTimeline = first, stopLsn = backup.startLsn } = backup
  const known = new Set([
    ...histories.keys(),
    ...wal.map(({ name }) => parseSegment(name, segmentBytes)?.timeline ?? 0),
  ])
  const newestFirst = [...known].filter((one) => one > first).sort((a, b) => b - a)
  for (const timeline of along === null ? newestFirst : [along]) {
    const before = parseHistory(histories.get(timeline) ?? '')
    const at = before.findIndex((one) => one.timeline === first)
    const left = before.find((one) => one.timeline === stopTimeline)
    if (at < 0 || (timeline !== stopTimeline && (!left || left.end < stopLsn))) continue
    return [...before.slice(at), { timeline, end: null }]
  }
  return [{ timeline: first, end: null }]
}

/** The highest number of a segment on a timeline; -1 if there is none. */
function newestOf(timeline: number, { wal, segmentBytes }: Archive): number {
  let newest = -1
  for (const { name } of wal) {
    const segment = parseSegment(name, segmentBytes)
    if (segment?.timeline === timeline) newest = Math.max(newest, segment.number)
  }
  return newest
}

function toGaps(missing: Segment[], segmentBytes: number): Gap[] {
  const gaps: (Gap & { last: number })[] = []
  for (const segment of missing) {
    const name = segmentName(segment, segmentBytes)
    const open = gaps.at(-1)
    if (open && open.timeline === segment.timeline && open.last === segment.number - 1) {
      open.to = name
      open.last = segment.number
      open.segments += 1
    } else gaps.push({ timeline: segment.timeline, from: name, to: name, segments: 1, last: segment.number })
  }
  return gaps.map(({ last, ...gap }) => gap)
}
