import type { Backup, BackupKind, Repository, RestorePoint } from '@/lib/recovery/backups/contract'
import { type Tick, timeTicks } from './axis'
import { type Anchor, bytesOfLsn, spanOfSegments, timeOf } from './places'
import { type Worth, worthOf } from './words'

const LEAST_MS = 10 * 60_000
/** With more increments in a lane, those that are well are drawn small. */
const MANY = 30

export interface FigureInput {
  repositories: Repository[]
  backups: Backup[]
  restorePoints: RestorePoint[]
  /** Milliseconds since 1970. */
  now: number
  /** A moment that is looked at; the axis reaches it. */
  target?: { at: number; reachable: boolean }
}

/** From and to, 0 to 1 of the axis. */
type Bar = [number, number]

export interface Mark {
  id: string
  x: number
  kind: BackupKind
  worth: Worth
  endedAt: string
  /** One of so many that it is drawn small. */
  small: boolean
}

export interface Lane {
  number: number
  location: string
  reachable: boolean
  archive: Bar | null
  window: Bar | null
  gaps: { bar: Bar; title: string }[]
  marks: Mark[]
}

export interface FigureModel {
  from: number
  to: number
  lanes: Lane[]
  points: { x: number; name: string }[]
  ticks: Tick[]
  now: number
  target: { x: number; reachable: boolean } | null
}

/** Everything of the time line as places on its axis; null while there is nothing to place. */
export function modelOf({
  repositories,
  backups,
  restorePoints,
  now,
  target,
}: FigureInput): FigureModel | null {
  if (backups.length === 0) return null
  const oldest = Math.min(...backups.map(({ startedAt }) => Date.parse(startedAt)))
  const first = target ? Math.min(oldest, target.at) : oldest
  const last = target ? Math.max(now, target.at) : now
  const span = Math.max(LEAST_MS, last - first)
  // Room at both ends, so that no mark is cut off.
  const from = last - span * 1.04
  const to = last + span * 0.04
  const place = (time: number) => (time - from) / (to - from)
  const lanes = repositories.map((repository) =>
    laneOf(
      repository,
      backups.filter((one) => one.repository === repository.number),
      restorePoints,
      place,
    ),
  )
  return {
    from,
    to,
    lanes,
    points: restorePoints
      .map(({ name, at }) => ({ name, x: place(Date.parse(at)) }))
      .filter(({ x }) => x >= 0 && x <= 1),
    ticks: timeTicks(from, to),
    now: place(now),
    target: target ? { x: place(target.at), reachable: target.reachable } : null,
  }
}

function laneOf(
  { number, location, reachable, window, gaps }: Repository,
  backups: Backup[],
  points: RestorePoint[],
  place: (time: number) => number,
): Lane {
  const anchors: Anchor[] = [
    ...backups.flatMap(({ startLsn, startedAt, stopLsn, endedAt }) => [
      { at: bytesOfLsn(startLsn), time: Date.parse(startedAt) },
      { at: bytesOfLsn(stopLsn), time: Date.parse(endedAt) },
    ]),
    ...points.map(({ lsn, at }) => ({ at: bytesOfLsn(lsn), time: Date.parse(at) })),
    ...(window ? [{ at: bytesOfLsn(window.toLsn), time: Date.parse(window.to) }] : []),
  ]
  const ends = backups.flatMap(({ startedAt, endedAt }) => [Date.parse(startedAt), Date.parse(endedAt)])
  if (window) ends.push(Date.parse(window.to))
  const bar = (start: number, end: number): Bar => [place(start), place(end)]
  return {
    number,
    location,
    reachable,
    archive: backups.length > 0 ? bar(Math.min(...ends), Math.max(...ends)) : null,
    window: window && bar(Date.parse(window.from), Date.parse(window.to)),
    gaps: gaps.flatMap((gap) => {
      const [start, end] = spanOfSegments(gap.from, gap.to).map((byte) => timeOf(byte, anchors))
      if (start === null || start === undefined || end === null || end === undefined) return []
      const files = `${gap.segments} WAL ${gap.segments === 1 ? 'file' : 'files'}`
      return [{ bar: bar(start, end), title: `${files} missing, from ${gap.from} on` }]
    }),
    marks: marksOf(backups, place),
  }
}

/** The marks of a lane; those that matter most are last, and so on top. */
function marksOf(backups: Backup[], place: (time: number) => number): Mark[] {
  const many = backups.filter(({ kind }) => kind !== 'full').length > MANY
  return backups
    .map((backup) => ({
      id: backup.id,
      x: place(Date.parse(backup.endedAt)),
      kind: backup.kind,
      worth: worthOf(backup),
      endedAt: backup.endedAt,
      small: many && backup.kind !== 'full' && !['failed', 'damaged'].includes(worthOf(backup)),
    }))
    .sort((a, b) => Number(b.small) - Number(a.small))
}
