// Questions about processes by id: still there, a PostgreSQL of this data folder? And how to end them.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from '@/lib/process-identity'

const proc = existsSync('/proc/self/stat')

/** Sends a signal; false when there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** Waits until a process is gone; false when it is still there after `ms` milliseconds. */
export async function gone(pid: number, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms
  while (processIdentity(pid) !== null) {
    if (Date.now() > deadline) return false
    await sleep(25)
  }
  return true
}

/** The live postmaster of a data folder: the one its postmaster.pid names, if it really is one. */
export function findPostmaster(folder: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10)
    return pid > 0 && isPostgresOf(pid, folder) ? pid : null
  } catch {
    return null
  }
}

/** Stops a postmaster that is not our child: fast shutdown, after 15 s immediate, after 20 s by force. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [name, ms] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(pid, name)
    if (await gone(pid, ms)) return
  }
}

/**
 * Ends what a killed postmaster left behind. Its backends go by themselves when they notice, except those
 * that are busy, which are killed after `patienceMs`; and as long as one lives, its shared memory keeps a new
 * postmaster from starting. Linux only: elsewhere the start is retried until they have gone.
 */
export async function endOrphans(folder: string, patienceMs = 1000): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const orphans = postgresOf(folder)
    if (orphans.length === 0) return
    if (Date.now() >= deadline) for (const pid of orphans) signal(pid, 'SIGKILL')
    await sleep(25)
  }
}

function postgresOf(folder: string): number[] {
  if (!proc) return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isPostgresOf(pid, folder))
}

// Every PostgreSQL process works in its data folder, and keeps the name of the binary.
function isPostgresOf(pid: number, folder: string): boolean {
  if (!proc) {
    const command = ps(pid, 'command=')
    return command?.includes('postgres') === true && command.includes(folder)
  }
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false
    if (processIdentity(pid) === null) return false
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '') === folder
  } catch {
    return false
  }
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}
