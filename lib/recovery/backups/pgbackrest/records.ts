import { log } from '@/lib/log'
import { whenUnlocked } from '@/lib/recovery/backups/pgbackrest/back-up'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { currentDatabase, type Info, readInfo, toBackup } from '@/lib/recovery/backups/pgbackrest/info'
import { requireRepository } from '@/lib/recovery/backups/pgbackrest/status'
import type { StoredBackup } from '@/lib/recovery/backups/provider'
import { type BackupRecord, backupRecord } from '@/lib/recovery/backups/record'

/** The name of the annotation: it lives in the repository, encrypted as all there, and goes when the backup goes. */
const NAME = 'holdfast-record'

/** What the tables held at a backup, from its annotation; null if it has none that can be read. */
export async function readRecord(
  settings: Settings,
  repository: number,
  backup: string,
): Promise<BackupRecord | null> {
  const info = await readInfo(settings, repository)
  requireRepository(info, repository)
  return parseRecord(info, backup)
}

/** Finds the record in the answer of `info`. */
export function parseRecord(info: Info, backup: string): BackupRecord | null {
  const text = info.backup.find(({ label }) => label === backup)?.annotation?.[NAME]
  if (!text) return null
  try {
    return backupRecord.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * Keeps a record with a backup, and with what each other repository has of it: the newest backup that began no earlier and
 * ended before the record's point, since the same WAL is replayed there. One that is away goes without.
 *
 * @throws Error when no repository has the backup
 */
export async function keepRecord(
  settings: Settings,
  repositories: number[],
  backup: string,
  record: BackupRecord,
): Promise<void> {
  let own: StoredBackup | undefined
  for (const repository of repositories) {
    try {
      const info = await readInfo(settings, repository)
      requireRepository(info, repository)
      const current = currentDatabase(info)
      const backups = info.backup.map((one) => toBackup(one, current))
      const same = backups.find(({ id }) => id === backup)
      const from = own?.startLsn ?? Number.POSITIVE_INFINITY
      const like = backups.findLast(({ startLsn, stopLsn }) => startLsn >= from && stopLsn <= record.lsn)
      const holder = same ?? like
      if (!holder) continue
      await annotate(settings, repository, holder.id, JSON.stringify(record))
      own ??= same
    } catch (error) {
      log('warn', 'a backup is without the record of its tables', { repository, error })
    }
  }
  if (!own) throw new Error(`The record of backup ${backup} could not be kept: no repository has it.`)
}

const annotate = (settings: Settings, repository: number, label: string, text: string): Promise<string> =>
  whenUnlocked(undefined, () =>
    runPgBackRest(settings, 'annotate', {
      repository,
      options: { set: label, annotation: `${NAME}=${text}` },
    }),
  )
