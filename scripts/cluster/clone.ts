// A standby from the leader by the low-level backup API: pg_backup_start, copy, pg_backup_stop.
// https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
import { copyFile, lstat, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CONTROL_FILE, ifGone, listDataFiles } from '@/lib/postgres/data-files'
import { run } from '@/lib/postgres/run'
import type { RunAs } from '@/lib/postgres/run-as'
import type { Sql } from './session'

/**
 * Copies the running leader at `source` into the new folder `target`, as a standby, and makes it durable.
 * `sql` is a session of one connection on the leader, used for nothing else meanwhile.
 */
export async function cloneLeader(
  sql: Sql,
  source: string,
  target: string,
  runAs: RunAs,
  abort: AbortSignal,
): Promise<void> {
  await mkdir(target, { mode: 0o700 })
  await sql`select pg_backup_start('holdfast standby', true)`
  const { folders, files } = await listDataFiles(source)
  for (const folder of folders) await mkdir(join(target, folder), { mode: 0o700 })
  await copyFiles(source, target, files.slice(0, -1), abort)
  await copyOne(source, target, CONTROL_FILE)
  // Without waiting for the archive: the slot keeps the WAL that the standby needs, and it streams it.
  const [stop] = await sql<{ labelfile: string; spcmapfile: string }[]>`
    select labelfile, spcmapfile from pg_backup_stop(false)`
  if (!stop) throw new Error('pg_backup_stop answered nothing')
  await writeOne(target, 'backup_label', stop.labelfile)
  if (stop.spcmapfile) await writeOne(target, 'tablespace_map', stop.spcmapfile)
  await writeOne(target, 'standby.signal', '')
  // One sync of the file system instead of one for each of a thousand files.
  await run(runAs, 'sync', process.platform === 'linux' ? ['--file-system', target] : [])
}

async function copyFiles(source: string, target: string, files: string[], abort: AbortSignal): Promise<void> {
  const next = files.values()
  const worker = async () => {
    for (const file of next) {
      abort.throwIfAborted()
      await copyOne(source, target, file)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

// A file that is dropped while we copy is fine: the WAL says so to the standby, too.
async function copyOne(source: string, target: string, file: string): Promise<void> {
  try {
    await copyFile(join(source, file), join(target, file))
  } catch (error) {
    await lstat(join(source, file)).then(() => {
      throw error
    }, ifGone(undefined))
  }
}

async function writeOne(target: string, file: string, text: string): Promise<void> {
  await writeFile(join(target, file), text, { mode: 0o600 })
}
