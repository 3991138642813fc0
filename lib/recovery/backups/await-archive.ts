import { setTimeout as sleep } from 'node:timers/promises'
import { endSegment } from '@/db/queries/recovery/member-facts'
import { walkArchive } from '@/lib/recovery/backups/archive'
import type { Provider, StoredBackup } from '@/lib/recovery/backups/provider'
import { formatLsn } from '@/lib/recovery/format'
import { findWriter } from '@/lib/recovery/members/servers'

const WAIT_MS = 120_000
const EVERY_MS = 500

/** The WAL after a backup, as far as a repository has it. */
export interface Reached {
  /** The leader's position when it was asked for: everything up to it is archived. */
  lsn: number
  timeline: number
  member: string
  /** Of the files after the backup's end. */
  bytes: number
}

/**
 * Has the leader's current WAL archived, and waits until a repository holds everything from a backup of it up to there.
 *
 * @throws Error when no leader answers, WAL between is missing, or it is not archived in two minutes
 */
export async function archiveNow(
  provider: Pick<Provider, 'take'>,
  backup: Pick<StoredBackup, 'id' | 'timeline' | 'startLsn' | 'stopLsn'>,
  abort: AbortSignal,
  repository = 1,
): Promise<Reached> {
  const leader = await findWriter()
  if (!leader) throw new Error('No leader answers: its WAL cannot be archived.')
  const { lsn, timeline } = await leader.ask(endSegment)
  const deadline = Date.now() + WAIT_MS
  for (;;) {
    const archive = await provider.take(repository)
    const walk = walkArchive(backup, archive, Math.max(backup.stopLsn, lsn), timeline)
    const bytes = walk.files
      .filter((_file, index) => (index + 1) * archive.segmentBytes + backup.startLsn > backup.stopLsn)
      .reduce((sum, file) => sum + file.bytes, 0)
    if (walk.reach >= lsn) return { lsn, timeline, member: leader.name, bytes }
    const [gap] = walk.gaps
    if (Date.now() > deadline)
      throw new Error(
        gap
          ? `The archive lacks ${gap.segments} WAL files from ${gap.from} on, which backup ${backup.id} needs: see archive_command and the log of PostgreSQL.`
          : `The archive reaches ${formatLsn(walk.reach)}, not ${formatLsn(lsn)}: see archive_command and the log of PostgreSQL.`,
      )
    abort.throwIfAborted()
    await sleep(EVERY_MS)
  }
}
