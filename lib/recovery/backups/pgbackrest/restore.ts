import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { followCopy } from '@/lib/recovery/backups/pgbackrest/progress'
import { readServerLimits } from '@/lib/recovery/backups/pgbackrest/server-limits'
import type { Progress, RestoreOrder } from '@/lib/recovery/backups/provider'
import { toRecoveryTarget } from '@/lib/recovery/restore/recovery-target'

const DAY_MS = 86_400_000

/**
 * Restores a backup into a folder, beside the running cluster, whose own folder and tablespaces are not touched: tablespaces
 * are put into a folder of the same name with `.tablespaces` after it, since none may lie inside.
 *
 * @returns the settings with which a server replays it up to the target and stands still there. It fetches WAL from the same
 *   repository, and needs no other.
 */
export async function restoreBackup(
  settings: Settings,
  { repository, backup, target, folder, along }: RestoreOrder,
  progress: Progress,
  abort: AbortSignal,
): Promise<Record<string, string>> {
  const { type, text } = toRecoveryTarget(target)
  await runPgBackRest(settings, 'restore', {
    repository,
    options: {
      set: backup.id,
      'pg1-path': folder,
      // The folder is here, wherever the cluster itself is.
      'reset-pg1-host': null,
      'no-delta': null,
      'tablespace-map-all': `${folder}.tablespaces`,
      // Without a server of its own to follow, a standby only replays: at the end of the archive, or at a gap, it waits. A
      // recovery without a target would end there and let the server take writes.
      type: type ?? 'standby',
      ...(type
        ? { target: text, 'target-action': 'pause', 'target-timeline': String(along) }
        : { 'target-timeline': String(along) }),
      'archive-mode': 'off',
    },
    level: 'detail',
    onLine: followCopy(progress, backup.sizeBytes),
    timeoutMs: DAY_MS,
    abort,
  })
  // Debian keeps it elsewhere; without one no server starts.
  const configuration = join(folder, 'postgresql.conf')
  if (!existsSync(configuration)) await writeFile(configuration, '', { mode: 0o644 })
  return {
    restore_command: toRestoreCommand(settings, repository, folder),
    ...(type ? { [`recovery_target_${type}`]: text } : {}),
    recovery_target_timeline: String(along),
    recovery_target_inclusive: 'on',
    recovery_target_action: 'pause',
    archive_mode: 'off',
    hot_standby: 'on',
    // Of a backup whose server was a standby, or delayed: it must neither follow the cluster nor wait.
    primary_conninfo: '',
    primary_slot_name: '',
    recovery_min_apply_delay: '0',
    ...readServerLimits(folder),
  }
}

/** What fetches WAL for the server in `folder`. Not asynchronously: that would use the queue of a running standby. */
export function toRestoreCommand(settings: Settings, repository: number, folder: string): string {
  const { binary, config, stanza } = settings
  const words = [
    binary,
    ...(config === null ? [] : [`--config=${config}`]),
    `--stanza=${stanza}`,
    `--repo=${repository}`,
    '--reset-pg1-host',
    `--pg1-path=${folder}`,
    '--no-archive-async',
    'archive-get',
  ]
  return `${words.map(quote).join(' ')} %f "%p"`
}

/** For a shell, and for PostgreSQL, which reads `%`. */
const quote = (word: string): string =>
  (/^[\w@:=./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`).replaceAll('%', '%%')
