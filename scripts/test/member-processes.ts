import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A member's postmaster and its children, in the cluster of a data folder. */
export function processesOf(folder: string, name: string): number[] {
  const pidFile = join(folder, 'cluster', name, 'postmaster.pid')
  const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const children = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(`) S ${postmaster} `)
    } catch {
      return false
    }
  })
  return [postmaster, ...children.map(Number)]
}
