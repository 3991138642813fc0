import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '@/lib/log'
import type { BackupKind } from '@/lib/recovery/backups/contract'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { CODES, PgBackRestError } from '@/lib/recovery/backups/pgbackrest/failure'
import { currentDatabase, readInfo, toBackup, typeOf } from '@/lib/recovery/backups/pgbackrest/info'
import { followCopy } from '@/lib/recovery/backups/pgbackrest/progress'
import { requireRepository } from '@/lib/recovery/backups/pgbackrest/status'
import type { Progress, StoredBackup } from '@/lib/recovery/backups/provider'

const DAY_MS = 86_400_000
/** What a killed backup had started holds the lock until its current file is done. */
const LOCK_WAIT_MS = 120_000
const LOCK_EVERY_MS = 2_000

/**
 * Makes a backup in every repository, one after another, since a run of pgBackRest writes to one. A failure in another than
 * the first is logged: the first has its backup, and `replicate` brings the other up to date.
 *
 * @returns the backup in the first
 */
export async function backUpAll(
  settings: Settings,
  repositories: number[],
  kind: BackupKind,
  progress: Progress,
  abort: AbortSignal,
): Promise<StoredBackup> {
  const [first = 1, ...others] = repositories
  const share = (index: number): Progress => {
    const runs = others.length + 1
    return (done, total) => progress(done + index * (total ?? 0), total === null ? null : total * runs)
  }
  const made = await backUpInto(settings, first, kind, share(0), abort)
  for (const [index, other] of others.entries())
    await backUpInto(settings, other, kind, share(index + 1), abort).catch((error: Error) => {
      if (!abort.aborted)
        log('warn', 'a repository is without the newest backup', { repository: other, error })
    })
  return made
}

/**
 * Makes a backup in one repository. Without one to build upon, pgBackRest makes a full one. Nothing is expired by it: that
 * has its own step, which knows the window.
 */
export async function backUpInto(
  settings: Settings,
  repository: number,
  kind: BackupKind,
  progress: Progress,
  abort: AbortSignal,
): Promise<StoredBackup> {
  const follow = followCopy(progress, null)
  let label: string | undefined
  const onLine = (line: string) => {
    label = /^INFO: new backup label = (\S+)/.exec(line)?.[1] ?? label
    follow(line)
  }
  const options = { type: typeOf[kind], 'no-expire-auto': null }
  await whenUnlocked(abort, () =>
    runPgBackRest(settings, 'backup', {
      repository,
      options,
      level: 'detail',
      onLine,
      timeoutMs: DAY_MS,
      abort,
    }),
  )
  const info = await readInfo(settings, repository)
  requireRepository(info, repository)
  const made = info.backup.find((backup) => backup.label === label)
  if (!made)
    throw new PgBackRestError({
      what: `pgbackrest backup ended well, and repository ${repository} does not list ${label ?? 'a new backup'}`,
      action: 'See its log, and back up again.',
    })
  return toBackup(made, currentDatabase(info))
}

/** Tries again while another run holds the lock of the stanza. */
export async function whenUnlocked<T>(abort: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + LOCK_WAIT_MS; ; ) {
    try {
      return await work()
    } catch (error) {
      const locked = error instanceof PgBackRestError && error.code === CODES.lockAcquire
      if (!locked || Date.now() > deadline) throw error
      await sleep(LOCK_EVERY_MS, undefined, { signal: abort })
    }
  }
}
