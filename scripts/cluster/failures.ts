// One clear line from what PostgreSQL printed.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Home, MemberName } from './home'

const leastFreeBytes = 32 * 2 ** 20

/** Says what went wrong, from the output of initdb or the log of a server, in one line. */
export function explain(what: string, output: string, folder: string): string {
  if (isDiskFull(output, folder)) {
    return `${what}: the disk that holds ${folder} is full. Make room and start again.`
  }
  const lines = output.split('\n').filter((line) => line.trim())
  const telling = lines.findLast((line) => /\b(PANIC|FATAL|ERROR|error):/.test(line)) ?? lines.at(-1)
  return `${what}: ${telling?.replace(/^.*?(?=\b(PANIC|FATAL|ERROR|error):)/, '').trim() ?? 'it gave no reason'}`
}

// A full disk shows in many ways, and not always by its name: a lost connection to a server that died of it.
function isDiskFull(output: string, folder: string): boolean {
  if (/No space left on device|ENOSPC|Disk quota exceeded|Check free disk space/.test(output)) return true
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < leastFreeBytes
  } catch {
    return false
  }
}

/** What a member wrote to its newest log since its last start, up to 16 kB. */
export function lastLog(home: Home, member: MemberName): string {
  try {
    const [newest] = readdirSync(home.log)
      .filter((name) => name.startsWith(`${member}-`))
      .map((name) => join(home.log, name))
      .sort((one, two) => statSync(two).mtimeMs - statSync(one).mtimeMs)
    if (!newest) return ''
    const text = tail(newest, 16_384)
    return text.slice(Math.max(0, text.lastIndexOf('starting PostgreSQL')))
  } catch {
    return ''
  }
}

function tail(path: string, bytes: number): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(bytes)
    const read = readSync(file, buffer, 0, bytes, Math.max(0, fstatSync(file).size - bytes))
    return buffer.toString('utf8', 0, read)
  } finally {
    closeSync(file)
  }
}
