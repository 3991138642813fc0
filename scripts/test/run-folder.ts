import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What tools keep for their next run, and clear up by themselves. */
const CACHES =
  /^(tsx-|playwright-transform-cache|node-compile-cache|v8-compile-cache|\.?org\.chromium|\.com\.google)/
/** A process that was told to end is given so long. */
const PATIENCE_MS = 20_000

/** The temporary files of a run of tests, all in one place: what is still there at its end was left behind. */
export interface RunFolder {
  /** What the processes of the run inherit. */
  env: Record<string, string>
  /** The runners' reports. */
  reports: string
  /** What tests measured, a line of JSON each. */
  measured: string
  /**
   * Ends the processes and removes the files that were left behind.
   *
   * @returns what they were
   */
  close(): Promise<string[]>
}

export function openRunFolder(): RunFolder {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-run-'))
  const temporary = join(folder, 't')
  const reports = join(folder, 'reports')
  const measured = join(reports, 'measured.ndjson')
  for (const path of [temporary, reports]) mkdirSync(path)
  // A suite that gave up root measures, too.
  writeFileSync(measured, '')
  chmodSync(measured, 0o666)
  // PostgreSQL runs as a user of its own, and keeps its folders here.
  chmodSync(folder, 0o711)
  chmodSync(temporary, 0o1777)
  return {
    env: { TMPDIR: temporary, HOLDFAST_MEASURED: measured },
    reports,
    measured,
    close: async () => {
      const processes = await endProcesses(temporary)
      const files = readdirSync(temporary).filter((name) => !CACHES.test(name))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      return [
        ...processes.map((command) => `a process was left behind: ${command}`),
        ...files.map((name) => `a temporary file was left behind: ${name}`),
      ]
    },
  }
}

/** @returns the command lines of those that did not end by themselves */
async function endProcesses(temporary: string): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS
  while (findProcesses(temporary).length > 0 && Date.now() < deadline) await sleep(200)
  const left = findProcesses(temporary)
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  return left.map(({ command }) => command)
}

/** Those that were started with this folder for temporary files, or work on something in it. Linux only. */
function findProcesses(temporary: string): { pid: number; command: string }[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ').trim()
    } catch {
      return ''
    }
  }
  let pids: string[] = []
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  } catch {
    // Not Linux.
  }
  return pids
    .map((pid) => ({ pid: Number(pid), command: read(String(pid), 'cmdline'), env: read(pid, 'environ') }))
    .filter(({ command, env }) => command !== '' && (command.includes(temporary) || env.includes(temporary)))
}
