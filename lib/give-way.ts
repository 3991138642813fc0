import { readFileSync, writeFileSync } from 'node:fs'
import { constants, cpus, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Between two pauses at the least, and what counts of the time since the last one at the most, in milliseconds. */
const WORK_MS = 200
const MOST_WORK_MS = 2_000
/** A pause is so many times as long as the work before it where others keep all processors busy. */
const PAUSES = 4

/** What was used when the last pause ended, in a process that gives way; and the pause that is. */
let since: Usage | undefined
let pause: Promise<void> | undefined

/** From now on this process gives way to everything else: neither ingest nor charts wait for a backup. */
export function giveWay(): void {
  since = usage()
  lower(process.pid)
}

/** A server's process on this machine that works for this one gives way to everything else. It stays so until it ends. */
export function letGiveWay(pid: number): void {
  if (isPostgres(pid)) lower(pid)
}

/**
 * To be called between parts of long work, of which many may go on at once: all rest together, if this process gives way, and
 * the longer the more others have used the processors meanwhile. A low priority alone does not do it: two processors that
 * share a core slow one another down.
 *
 * @param due begins a pause; else one is only waited for
 */
export async function rest(due: boolean): Promise<void> {
  if (!since) return
  if (due && performance.now() - since.at > WORK_MS) pause ??= breathe(since)
  await pause
}

async function breathe(before: Usage): Promise<void> {
  const now = usage()
  const others = now.busy - before.busy - (now.own - before.own)
  const share = Math.max(0, others) / Math.max(1, now.all - before.all)
  await sleep(Math.min(now.at - before.at, MOST_WORK_MS) * share * PAUSES)
  since = usage()
  pause = undefined
}

type Usage = ReturnType<typeof usage>

/** Milliseconds of all processors together since the machine started, and of this process. */
function usage() {
  const times = cpus().map((one) => one.times)
  const all = times.reduce((sum, { user, nice, sys, irq, idle }) => sum + user + nice + sys + irq + idle, 0)
  const idle = times.reduce((sum, one) => sum + one.idle, 0)
  const { user, system } = process.cpuUsage()
  return { at: performance.now(), busy: all - idle, all, own: (user + system) / 1_000 }
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
