import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const proc = existsSync('/proc/self/stat')

/** A text that differs between two processes that had the same id; null when none is alive with it. */
export function processIdentity(pid: number): string | null {
  if (!proc) return startTime(pid)
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
  } catch {
    return null
  }
}

function startTime(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}
