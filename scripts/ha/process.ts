import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { asUser, type RunAs } from '@/lib/postgres/run-as'

/** A program that was started for the cluster, in a process group of its own. */
export class Program {
  private child: ChildProcess | null = null

  constructor(
    private readonly runAs: RunAs,
    private readonly command: string[],
    private readonly env: Record<string, string>,
    readonly logFile: string,
  ) {}

  get pid(): number | null {
    return this.child?.pid ?? null
  }

  /** Starts it, unless it runs: a second one would leave the first without anyone who ends it. */
  start(): void {
    if (this.child) return
    const [file = '', ...args] = this.command
    const { file: program, args: given, options } = asUser(this.runAs, file, args)
    const log = openSync(this.logFile, 'a')
    const child = spawn(program, given, {
      ...options,
      cwd: '/',
      env: this.env as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    child.once('exit', () => {
      if (this.child === child) this.child = null
    })
    child.on('error', () => {})
    this.child = child
  }

  /** Sends a signal to this process alone, or to all that it started. */
  signal(name: NodeJS.Signals, withChildren = false): void {
    const { pid } = this
    if (pid === null) return
    for (const one of withChildren ? [pid, ...descendants(pid)] : [pid]) kill(one, name)
  }

  /** Ends it and all that it started; by force after some seconds. */
  async stop(): Promise<void> {
    const { child } = this
    if (!child?.pid) return
    const all = descendants(child.pid)
    this.signal('SIGCONT', true)
    this.signal('SIGTERM')
    for (const deadline = Date.now() + 8_000; this.child === child && Date.now() < deadline; ) await sleep(50)
    for (const pid of [child.pid, ...all]) kill(pid, 'SIGKILL')
  }
}

/** All processes below one, by their parents. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** Sends a signal to one process, if it is still there. */
export function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended.
  }
}
