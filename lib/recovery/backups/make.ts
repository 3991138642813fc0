import { recordContent } from '@/db/queries/recovery/backup-record'
import { leader } from '@/lib/database'
import { letGiveWay } from '@/lib/give-way'
import { archiveNow } from '@/lib/recovery/backups/await-archive'
import type { Backup, BackupKind } from '@/lib/recovery/backups/contract'
import type { StoredBackup } from '@/lib/recovery/backups/provider'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { readSettings } from '@/lib/recovery/backups/settings'
import { readView } from '@/lib/recovery/backups/view'
import { formatBytes, formatSeconds } from '@/lib/recovery/format'
import type { Works } from '@/lib/recovery/tasks/run'

/** The name that a backup's moment has in the WAL. */
const momentOf = (backup: string): string => `holdfast-${backup}`

/** Makes a backup, records what the tables hold, has its WAL archived, copies both, and lets go of what is superfluous. */
export const makeBackup: Works['backup'] = async ({ task, abort, step, tryStep, skip }) => {
  const provider = theProvider()
  const { keepFull, windowDays } = readSettings()
  const backup = await step('copy', async (progress) => {
    const damaged = findDamagedBase(task.order.backup, (await readView()).backups)
    const made = await provider.backUp(damaged ? 'full' : task.order.backup, progress, abort)
    task.backup = made.id
    const why = damaged
      ? `, in full, since backup ${damaged.id} of repository ${damaged.repository} is damaged`
      : ''
    return { result: made, detail: `${describe(made)}${why}` }
  })
  await tryStep('record', async () => {
    const name = momentOf(backup.id)
    const { snapshot, lsn, timeline, tables } = await recordContent(
      leader(),
      name,
      provider.kind === 'local' ? letGiveWay : undefined,
    )
    await provider.keepRecord(backup.id, {
      name,
      lsn,
      timeline,
      at: new Date().toISOString(),
      snapshot,
      tables,
    })
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    return `${rows.toLocaleString('en-US')} records, counted and hashed`
  })
  await step('archive', async () => {
    const { bytes } = await archiveNow(provider, backup, abort)
    return `its WAL is archived, ${formatBytes(bytes)} after it`
  })
  const hasSecond = provider.repositories.length > 1
  if (!hasSecond)
    skip(
      'replicate',
      provider.kind === 'local'
        ? 'BACKUP_SECONDARY_STORAGE names no second repository'
        : 'pgBackRest is configured with no second repository',
    )
  const copied = hasSecond && (await tryStep('replicate', (progress) => provider.replicate(progress, abort)))
  await tryStep('expire', () => provider.expire(keepFull, windowDays))
  const where = !hasSecond ? '' : copied ? ', in both repositories' : ', in the first repository alone'
  return `Backup ${backup.id} is whole${where}.`
}

/**
 * The damaged backup that one of a kind would build upon, in any repository; undefined if there is none. What builds upon it
 * could not be restored either, and its provider does not know what verification has found.
 */
export function findDamagedBase(kind: BackupKind, backups: Backup[]): Backup | undefined {
  if (kind === 'full') return undefined
  const newestFirst = backups
    .filter((one) => kind === 'incremental' || one.kind === 'full')
    .toSorted((a, b) => b.endedAt.localeCompare(a.endedAt))
  for (const repository of new Set(newestFirst.map((one) => one.repository))) {
    const own = newestFirst.filter((one) => one.repository === repository)
    for (let base = own[0]; base; base = own.find(({ id }) => id === base?.base))
      if (base.state === 'damaged') return base
  }
  return undefined
}

function describe({ id, sizeBytes, storedBytes, member, startedAt, endedAt }: StoredBackup): string {
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
  return `${id}: ${formatBytes(sizeBytes)} of ${member ?? 'the cluster'} in ${formatSeconds(seconds)}, ${formatBytes(storedBytes)} stored`
}
