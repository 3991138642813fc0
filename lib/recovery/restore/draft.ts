import {
  leadsTo,
  lineThrough,
  newestTimeline,
  parseLsn,
  type Walk,
  walkArchive,
} from '@/lib/recovery/backups/archive'
import { describeGap } from '@/lib/recovery/backups/check'
import { withFindings } from '@/lib/recovery/backups/proofs'
import type { Inventory, Provider, StoredBackup } from '@/lib/recovery/backups/provider'
import { formatLsn } from '@/lib/recovery/format'
import type { RestorePlan, Target } from '@/lib/recovery/restore/contract'
import { listRestorePoints } from '@/lib/recovery/restore/points'

/** The last commit in a WAL file is older than the file’s time in the archive by less than this, in milliseconds. */
const ARCHIVED_LATE_MS = 5 * 60_000

/** How a target is reached, or why it is not. */
export interface Draft {
  target: Target
  reachable: boolean
  reason: string
  nearest: RestorePlan['nearest']
  /** Restored first; null if no backup helps. */
  backup: StoredBackup | null
  walk: Walk | null
  segmentBytes: number
  /** Up to where WAL is needed, in bytes since 0/0; null if nobody can tell. */
  upTo: number | null
  /** The target as a time, if that is known. */
  at: string | null
  /** The leader's newest WAL has to be archived first. */
  archiveFirst: boolean
}

/**
 * Finds the backup and the WAL for a target, and whether both are whole. Nothing is changed.
 *
 * @param timeline the one to recover along; null for the newest, or that of a named point
 * @param leaderAnswers whether WAL that is not archived yet can be
 */
export async function draftRestore(
  provider: Provider,
  repository: number,
  target: Target,
  timeline: number | null,
  leaderAnswers: boolean,
): Promise<Draft> {
  const inventory = await provider.take(repository)
  const wanted = await locate(provider, repository, inventory, target)
  const newest = newestTimeline(inventory)
  const along = timeline ?? (isPlaced(wanted) ? lineThrough(wanted, inventory) : newest)
  const sound = withFindings(repository, inventory.backups)
    .filter((one) => one.problems.length === 0 && leadsTo(one, inventory, along))
    .toSorted((a, b) => a.stopLsn - b.stopLsn)
  const backup = sound.findLast((one) => isBefore(one, wanted, target)) ?? null
  const { segmentBytes } = inventory
  const base = { target, segmentBytes, at: wanted.at, upTo: wanted.lsn, archiveFirst: false }
  if (!backup) {
    const [oldest] = sound
    const reason = oldest
      ? `The oldest backup of repository ${repository} ended at ${oldest.endedAt}: nothing before it can be reached.`
      : `Repository ${repository} holds no whole backup that leads to timeline ${along}.`
    return {
      ...base,
      reachable: false,
      reason,
      nearest: oldest ? endOf(oldest) : null,
      backup: null,
      walk: null,
    }
  }
  const walk = walkArchive(backup, inventory, wanted.lsn ?? undefined, along)
  const found = { ...base, backup, walk }
  const [gap] = walk.gaps
  if (wanted.at !== null && Date.parse(wanted.at) > Date.now())
    return { ...found, ...refuse('This moment has not come yet.', lastOf(walk)) }
  if (walk.reach < backup.stopLsn)
    return { ...found, ...refuse(`WAL that backup ${backup.id} itself needs is missing.`, null) }
  // A file is archived some time after its last commit: near its end the leader is asked for more, where it can be.
  const canAdd = leaderAnswers && along === newest
  if (isReached(walk, wanted, target, canAdd ? ARCHIVED_LATE_MS : 0))
    return {
      ...found,
      reachable: true,
      nearest: null,
      reason: `Backup ${backup.id} and ${walk.files.length} WAL files, without a gap`,
    }
  if (gap) return { ...found, ...refuse(describeGap(gap).what, lastOf(walk)) }
  if (canAdd)
    return {
      ...found,
      reachable: true,
      nearest: null,
      archiveFirst: true,
      reason: `Backup ${backup.id}, and WAL that the leader archives first`,
    }
  return {
    ...found,
    ...refuse(
      `The archive ends at ${formatLsn(walk.reach)}${walk.at === null ? '' : `, ${iso(walk.at)}`}, and no leader answers that could add to it.`,
      lastOf(walk),
    ),
  }
}

const isPlaced = (place: Place): place is Place & { lsn: number; timeline: number } =>
  place.lsn !== null && place.timeline !== null

interface Place {
  lsn: number | null
  timeline: number | null
  at: string | null
  xid: bigint | null
}

/** Where a target is, as far as that is known. */
async function locate(
  provider: Provider,
  repository: number,
  { backups }: Inventory,
  target: Target,
): Promise<Place> {
  const nowhere = { lsn: null, timeline: null, at: null, xid: null }
  switch (target.kind) {
    case 'latest':
      return nowhere
    case 'time':
      return { ...nowhere, at: new Date(target.at).toISOString() }
    case 'lsn':
      return { ...nowhere, lsn: parseLsn(target.lsn) }
    case 'xid':
      return { ...nowhere, xid: BigInt(target.xid) }
    case 'name': {
      const point = listRestorePoints().find(({ name }) => name === target.name)
      if (point) return { ...nowhere, lsn: parseLsn(point.lsn), timeline: point.timeline, at: point.at }
      for (const { id } of backups) {
        const record = await provider.readRecord(repository, id).catch(() => null)
        if (record?.name === target.name)
          return { ...nowhere, lsn: record.lsn, timeline: record.timeline, at: record.at }
      }
      return nowhere
    }
  }
}

/** Whether a backup was whole before the target. Of a transaction or an unknown name only the oldest surely was. */
function isBefore({ endedAt, stopLsn }: StoredBackup, { lsn, at }: Place, { kind }: Target): boolean {
  if (kind === 'latest') return true
  if (lsn !== null) return stopLsn <= lsn
  return at === null || endedAt <= at
}

function isReached({ reach, at, gaps }: Walk, place: Place, { kind }: Target, lateMs: number): boolean {
  if (kind === 'latest') return gaps.length === 0
  if (place.lsn !== null) return reach > place.lsn
  if (place.at !== null) return at !== null && at - lateMs > Date.parse(place.at)
  // PostgreSQL looks for it in all that is there.
  return gaps.length === 0
}

const refuse = (reason: string, nearest: RestorePlan['nearest']) => ({ reachable: false, reason, nearest })

const endOf = ({ id, endedAt, stopLsn }: StoredBackup): RestorePlan['nearest'] => ({
  target: { kind: 'lsn', lsn: formatLsn(stopLsn) },
  at: endedAt,
  words: `the end of backup ${id}`,
})

/** The last moment that can be reached: one before the WAL ends. */
function lastOf({ reach, at }: Walk): RestorePlan['nearest'] {
  if (at === null) return null
  return {
    target: { kind: 'time', at: iso(at - 1_000) },
    at: iso(at - 1_000),
    words: `a second before ${formatLsn(reach)} was archived`,
  }
}

const iso = (at: number): string => new Date(at).toISOString()
