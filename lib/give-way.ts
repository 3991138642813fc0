import { readFileSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

let gives = false
/** When the last pause ended, and the one that is. */
let since = 0
let pause: Promise<void> | undefined

/** From now on this process gives way to everything else: neither ingest nor charts wait for a backup. */
export function giveWay(): void {
  gives = true
  since = performance.now()
  lower(process.pid)
}

/** A server's process that works for this one, on this machine, gives way if this one does. It stays so until it ends. */
export function letGiveWay(pid: number): void {
  if (gives && isPostgres(pid)) lower(pid)
}

/**
 * To be called between parts of long work, of which many may go on at once: all rest together, if this process gives way, and
 * the longer the more others wait for a processor. A low priority alone does not do it: two processors that share a core
 * slow one another down.
 *
 * @param due begins a pause; else one is only waited for
 */
export async function rest(due: boolean): Promise<void> {
  if (!gives) return
  if (due) pause ??= breathe()
  await pause
}

async function breathe(): Promise<void> {
  await sleep((performance.now() - since) * pressure())
  since = performance.now()
  pause = undefined
}

/** For which share of the last ten seconds something waited for a processor: https://docs.kernel.org/accounting/psi.html */
function pressure(): number {
  try {
    const share = /avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'latin1'))?.[1]
    return Number(share ?? 0) / 100
  } catch {
    // Not Linux, or one that does not tell.
    return 0
  }
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
