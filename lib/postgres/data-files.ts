// What a copy of a data folder holds, and what it leaves out.
// https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

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

export const CONTROL_FILE = join('global', 'pg_control')

/**
 * The folders and files of a running server's data folder that a copy needs, as paths relative to it. A folder stands before
 * what is in it. pg_control is last: it must not be older than anything that was copied.
 *
 * @throws Error for a tablespace
 */
export async function listDataFiles(source: string): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = []
  const files: string[] = []
  const list = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(source, path), { withFileTypes: true }).catch(ifGone([]))) {
      const relative = join(path, entry.name)
      if (skipped.test(entry.name) || (path === '' && skippedAtTop.test(entry.name))) continue
      if (entry.isSymbolicLink())
        throw new Error(`${relative} is a link: a copy of a folder does not hold tablespaces`)
      if (entry.isDirectory()) {
        folders.push(relative)
        if (path !== '' || !emptied.has(entry.name)) await list(relative)
      } else if (relative !== CONTROL_FILE) files.push(relative)
    }
  }
  await list('')
  return { folders, files: [...files, CONTROL_FILE] }
}

/** What to go on with when a file or folder is dropped while it is copied: the WAL says so, too. */
export function ifGone<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value
    throw error
  }
}
