import type { BackupKind } from '@/lib/recovery/backups/contract'
import { backUpInto } from '@/lib/recovery/backups/pgbackrest/back-up'
import type { Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { currentDatabase, readInfo, toBackup } from '@/lib/recovery/backups/pgbackrest/info'
import { requireRepository } from '@/lib/recovery/backups/pgbackrest/status'
import type { Progress, StoredBackup } from '@/lib/recovery/backups/provider'

/** After a backup that failed the next is not tried for so long: it would burden the leader over and over. */
const RETRY_MS = 600_000

/** The last backup into another repository that failed. */
export interface Failed {
  at: number
  error: unknown
}

/**
 * Makes the backup in every other repository that it lacks. WAL needs none of this: it is archived to all of them, and waits
 * on the leader for one that is away.
 *
 * @param failed what failed before, by repository; it is added to
 * @returns what was done, in words
 * @throws PgBackRestError when a repository cannot be reached
 */
export async function replicateBackups(
  settings: Settings,
  repositories: number[],
  failed: Map<number, Failed>,
  progress: Progress,
  abort: AbortSignal,
): Promise<string> {
  const [first = 1, ...others] = repositories
  if (others.length === 0) return 'there is no second repository'
  const has = await listBackups(settings, first)
  const done: string[] = []
  for (const other of others) {
    const kind = findMissing(has, await listBackups(settings, other))
    if (kind === null) continue
    const last = failed.get(other)
    if (last && Date.now() - last.at < RETRY_MS) throw last.error
    const made = await backUpInto(settings, other, kind, progress, abort).catch((error: unknown) => {
      if (!abort.aborted) failed.set(other, { at: Date.now(), error })
      throw error
    })
    done.push(`${made.kind} backup ${made.id} was made in repository ${other}`)
  }
  return done.join(', ') || 'nothing was missing there'
}

async function listBackups(settings: Settings, repository: number): Promise<StoredBackup[]> {
  const info = await readInfo(settings, repository)
  requireRepository(info, repository)
  const current = currentDatabase(info)
  return info.backup
    .filter(({ database }) => database.id === current?.id)
    .map((one) => toBackup(one, current))
}

const ranks: BackupKind[] = ['incremental', 'differential', 'full']

/** The fullest kind among the backups that one repository has since the newest of the other; null if there is none. */
export function findMissing(has: StoredBackup[], other: StoredBackup[]): BackupKind | null {
  const newest = Math.max(...other.map(({ endedAt }) => Date.parse(endedAt)))
  const missed = has.filter(({ endedAt }) => Date.parse(endedAt) > newest)
  if (other.length === 0) return has.length > 0 ? 'full' : null
  return ranks.findLast((rank) => missed.some(({ kind }) => kind === rank)) ?? null
}
