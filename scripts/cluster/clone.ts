// A standby from the leader by the low-level backup API: pg_backup_start, copy, pg_backup_stop.
// https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
import { copyFile, lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run'
import { give, type RunAs } from './run-as'
import type { Sql } from './session'

// Their content belongs to the running server; the folders themselves must exist.
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])
const skipped = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_(label|manifest).*|.*\.tmp)$/
const skippedAtTop = /^(tablespace_map.*|current_logfiles|(standby|recovery)\.signal|log)$/

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
  give(runAs, target)
  await sql`select pg_backup_start('holdfast standby', true)`
  const files = await copyFolders(source, target, '', runAs)
  await copyFiles(source, target, files, runAs, abort)
  // Last, so that it is not older than anything that was copied.
  await copyOne(source, target, join('global', 'pg_control'), runAs)
  // Without waiting for the archive: the slot keeps the WAL that the standby needs, and it streams it.
  const [stop] = await sql<{ labelfile: string; spcmapfile: string }[]>`
    select labelfile, spcmapfile from pg_backup_stop(false)`
  if (!stop) throw new Error('pg_backup_stop answered nothing')
  await writeOne(target, 'backup_label', stop.labelfile, runAs)
  if (stop.spcmapfile) await writeOne(target, 'tablespace_map', stop.spcmapfile, runAs)
  await writeOne(target, 'standby.signal', '', runAs)
  // One sync of the file system instead of one for each of a thousand files.
  await run(runAs, 'sync', process.platform === 'linux' ? ['--file-system', target] : [])
}

/** Makes the folders and lists the files to copy, as paths relative to `source`. */
async function copyFolders(source: string, target: string, path: string, runAs: RunAs): Promise<string[]> {
  const files: string[] = []
  for (const entry of await readdir(join(source, path), { withFileTypes: true }).catch(ifGone([]))) {
    const relative = join(path, entry.name)
    if (skipped.test(entry.name) || (path === '' && skippedAtTop.test(entry.name))) continue
    if (entry.isSymbolicLink()) {
      throw new Error(`${relative} is a link: two members on one machine cannot share a tablespace`)
    }
    if (entry.isDirectory()) {
      await mkdir(join(target, relative), { mode: 0o700 })
      give(runAs, join(target, relative))
      const empty = path === '' && emptied.has(entry.name)
      if (!empty) files.push(...(await copyFolders(source, target, relative, runAs)))
    } else if (relative !== join('global', 'pg_control')) {
      files.push(relative)
    }
  }
  return files
}

async function copyFiles(
  source: string,
  target: string,
  files: string[],
  runAs: RunAs,
  abort: AbortSignal,
): Promise<void> {
  const next = files.values()
  const worker = async () => {
    for (const file of next) {
      abort.throwIfAborted()
      await copyOne(source, target, file, runAs)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

// A file that is dropped while we copy is fine: the WAL says so to the standby, too.
async function copyOne(source: string, target: string, file: string, runAs: RunAs): Promise<void> {
  try {
    await copyFile(join(source, file), join(target, file))
  } catch (error) {
    await lstat(join(source, file)).then(() => {
      throw error
    }, ifGone(undefined))
    return
  }
  give(runAs, join(target, file))
}

async function writeOne(target: string, file: string, text: string, runAs: RunAs): Promise<void> {
  await writeFile(join(target, file), text, { mode: 0o600 })
  give(runAs, join(target, file))
}

function ifGone<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value
    throw error
  }
}
