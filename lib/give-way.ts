import { readFileSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

let gives = false

/** From now on this process gives way to everything else: neither ingest nor charts wait for a backup. */
export function giveWay(): void {
  gives = true
  lower(process.pid)
}

/** A server's process that works for this one, on this machine, gives way if this one does. It stays so until it ends. */
export function letGiveWay(pid: number): void {
  if (gives && isPostgres(pid)) lower(pid)
}

/**
 * Linux shares the processors among sessions before it looks at what runs in them, so a low priority alone gives way to
 * nobody in another session, which is where each of PostgreSQL's processes is. A third of a usual session's share, and
 * not next to nothing: beside a load that never ends a backup has to end, too.
 */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
    writeFileSync(`/proc/${pid}/autogroup`, '5')
  } catch {
    // Another user's, not Linux, or one that does not share by session: what could be done is done.
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('postgres:')
  } catch {
    return false
  }
}
