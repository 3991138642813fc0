import { type Anchor, bytesOfLsn, timeOf } from '@/components/recovery/backups/places'
import { formatMoment } from '@/components/ui/format'
import type { Backup, RestorePoint } from '@/lib/recovery/backups/contract'
import type { Target } from '@/lib/recovery/restore/contract'

export type TargetKind = Target['kind']

export const targetKinds: { value: TargetKind; label: string }[] = [
  { value: 'latest', label: 'Latest' },
  { value: 'time', label: 'Time' },
  { value: 'name', label: 'Restore point' },
  { value: 'lsn', label: 'LSN' },
  { value: 'xid', label: 'Transaction' },
]

export const targetHelp: Record<TargetKind, string> = {
  latest: 'Everything that the archive holds: for a cluster that is lost.',
  time: 'Everything that was committed up to a second, and nothing after: for what was deleted by mistake. Take the second before.',
  name: 'The moment that somebody named, or that was named before a migration.',
  lsn: 'Up to a place in the WAL, included.',
  xid: 'Up to a transaction, included, and all that had committed before it.',
}

const shapes: Record<Exclude<TargetKind, 'latest'>, [RegExp, string]> = {
  time: [/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/, 'Choose a time'],
  name: [/^.{1,63}$/, 'Choose a restore point'],
  lsn: [/^[0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8}$/, 'An LSN, such as 0/3A5F2C8'],
  xid: [/^[0-9]{1,20}$/, 'A number, such as 74210'],
}

/** Why a plan cannot be asked for yet; null if it can. */
export function faultOf(kind: TargetKind, value: string | null): string | null {
  if (kind === 'latest') return null
  const [shape, message] = shapes[kind]
  return value !== null && shape.test(value) ? null : message
}

/** A target in words: 12 Nov 2026, 14:03:05 UTC. */
export function wordsOf(target: Target): string {
  switch (target.kind) {
    case 'latest':
      return 'the latest moment'
    case 'time':
      return `${formatMoment(new Date(target.at).toISOString(), 'UTC')} UTC`
    case 'lsn':
      return `LSN ${target.lsn}`
    case 'xid':
      return `transaction ${target.xid}`
    case 'name':
      return `the restore point ${target.name}`
  }
}

/** A target as the address holds it. */
export function addressOf(target: Target): string | null {
  switch (target.kind) {
    case 'latest':
      return null
    case 'time':
      return target.at
    case 'lsn':
      return target.lsn
    case 'xid':
      return target.xid
    case 'name':
      return target.name
  }
}

interface Known {
  backups: Backup[]
  restorePoints: RestorePoint[]
  /** The end of the recovery window, ISO. */
  latest: string | null
}

/** Where a target stands in time, in milliseconds since 1970; null where that cannot be told. */
export function timeOfTarget(target: Target, { backups, restorePoints, latest }: Known): number | null {
  if (target.kind === 'latest') return latest === null ? null : Date.parse(latest)
  if (target.kind === 'time') return Date.parse(target.at)
  if (target.kind === 'name') {
    const point = restorePoints.find(({ name }) => name === target.name)
    return point ? Date.parse(point.at) : null
  }
  if (target.kind === 'xid') return null
  const anchors: Anchor[] = backups.flatMap(({ startLsn, startedAt, stopLsn, endedAt }) => [
    { at: bytesOfLsn(startLsn), time: Date.parse(startedAt) },
    { at: bytesOfLsn(stopLsn), time: Date.parse(endedAt) },
  ])
  return timeOf(bytesOfLsn(target.lsn), anchors)
}
