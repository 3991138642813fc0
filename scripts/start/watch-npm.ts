import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const EVERY_MS = 500

/**
 * Calls back when the npm that started us is gone: it may be killed without telling us, and then nobody would stop what
 * we run. Started in another way, we live on as any process does.
 */
export function watchNpm(gone: () => void): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = inspect(process.ppid)
  // npm runs scripts through a shell; ours replaces itself (`exec`), so that signals reach us, but some cannot.
  const npm = parent && /^(npm|node)/.test(parent.name) ? process.ppid : parent?.parent
  if (!npm || npm === 1) return
  setInterval(() => !isAlive(npm) && gone(), EVERY_MS).unref()
}

function inspect(pid: number): { name: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? []
    return { name, parent: Number(rest.split(' ')[1]) }
  } catch {
    return inspectByPs(pid)
  }
}

function inspectByPs(pid: number): { name: string; parent: number } | undefined {
  try {
    const [parent = '', ...name] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
    return { name: name.join(' ').replace(/^.*\//, ''), parent: Number(parent) }
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
