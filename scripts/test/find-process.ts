import { readdirSync, readFileSync } from 'node:fs'

/** The process that runs one of our scripts for a data folder; undefined while there is none. */
export function findProcess(folder: string, script: string): number | undefined {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0')
    } catch {
      return []
    }
  }
  const found = readdirSync('/proc').find(
    (pid) =>
      /^\d+$/.test(pid) &&
      read(pid, 'cmdline').includes(script) &&
      read(pid, 'environ').includes(`HOLDFAST_DATA_DIR=${folder}`),
  )
  return found === undefined ? undefined : Number(found)
}
