import { backUpAll } from '@/lib/recovery/backups/pgbackrest/back-up'
import type { Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { expireRepositories } from '@/lib/recovery/backups/pgbackrest/expire'
import { type Histories, takeInventory } from '@/lib/recovery/backups/pgbackrest/inventory'
import { keepRecord, readRecord } from '@/lib/recovery/backups/pgbackrest/records'
import { type Failed, replicateBackups } from '@/lib/recovery/backups/pgbackrest/replicate'
import { findRepositories } from '@/lib/recovery/backups/pgbackrest/repositories'
import { restoreBackup } from '@/lib/recovery/backups/pgbackrest/restore'
import { verifyRepository } from '@/lib/recovery/backups/pgbackrest/verify'
import type { Provider } from '@/lib/recovery/backups/provider'
import { singleton } from '@/lib/singleton'

/**
 * Backups by pgBackRest 2.45 or newer, as its configuration file has them. Holdfast runs where that file and the cluster’s
 * folder, or the hosts that it names, can be reached.
 */
export function pgBackRestProvider(settings: Settings): Provider {
  const repositories = findRepositories(settings)
  const numbers = repositories.map(({ number }) => number)
  // Whoever asks gets a provider of his own; what was learned is of the process.
  const { histories, failed } = singleton(`backups.pgbackrest ${settings.config} ${settings.stanza}`, () => ({
    histories: new Map() as Histories,
    failed: new Map<number, Failed>(),
  }))
  return {
    kind: 'pgbackrest',
    copies: false,
    repositories,
    take: (repository) => takeInventory(settings, repository, histories),
    backUp: (kind, progress, abort) => backUpAll(settings, numbers, kind, progress, abort),
    verify: (repository, progress, abort) => verifyRepository(settings, repository, progress, abort),
    restore: (order, progress, abort) => restoreBackup(settings, order, progress, abort),
    replicate: (progress, abort) => replicateBackups(settings, numbers, failed, progress, abort),
    readRecord: (repository, backup) => readRecord(settings, repository, backup),
    keepRecord: (backup, record) => keepRecord(settings, numbers, backup, record),
    expire: (keepFull, windowDays) => expireRepositories(settings, numbers, keepFull, windowDays),
  }
}
