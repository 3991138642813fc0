// One PostgreSQL server, kept running: started, watched, started again when it ends by itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { endOrphans, findPostmaster, signal, stopPostmaster } from '@/lib/postgres/processes'
import { postgresEnvironment } from '@/lib/postgres/run'
import { asUser, type RunAs } from '@/lib/postgres/run-as'
import { dataFolder, type Home, type MemberName } from './home'
import type { Session } from './session'

/**
 * glibc gives the system back what a query used, and takes it again for the next: memory that is touched for the first time is
 * slow, in virtual machines above all. So each process keeps some 32 MB of what it once used. More is no threshold for glibc.
 */
const KEEPING_MEMORY = { MALLOC_TRIM_THRESHOLD_: '33554432', MALLOC_MMAP_THRESHOLD_: '33554432' }

export type ServerState = 'stopped' | 'starting' | 'running' | 'stopping' | 'crashed' | 'creating replica'

export class Server {
  state: ServerState = 'stopped'
  /** Ends in a row that came before the server had been up for 10 s. */
  failures = 0
  /** What the last start printed before the server opened its log file. */
  output = ''
  readonly folder: string
  private child: ChildProcess | null = null
  private halt: AbortController | null = null
  private supervision: Promise<void> = Promise.resolve()

  constructor(
    home: Home,
    readonly name: MemberName,
    private readonly postgres: string,
    private readonly runAs: RunAs,
    private readonly probe: Session,
    private readonly log: (line: string) => void,
    /** While this says so, a server that ended is not started again. */
    private readonly paused: () => boolean,
  ) {
    this.folder = dataFolder(home, name)
  }

  /** The id of the postmaster, while there is one. */
  get pid(): number | null {
    return this.child?.pid ?? null
  }

  /** Starts the server and keeps it running until `stop`. */
  start(): void {
    if (this.halt) return
    this.halt = new AbortController()
    this.failures = 0
    this.supervision = this.supervise(this.halt.signal)
  }

  /**
   * Stops the server and its supervision: a fast shutdown, at once (as in a crash) for a lost folder, or by force, which
   * also ends a server that stands still, with all its processes.
   */
  async stop(how: 'fast' | 'immediate' | 'kill' = 'fast'): Promise<void> {
    this.halt?.abort()
    const child = this.child
    if (child?.pid) {
      this.state = 'stopping'
      const steps: [NodeJS.Signals, number][] = [
        ['SIGINT', 15_000],
        ['SIGQUIT', 5_000],
        ['SIGKILL', 5_000],
      ]
      for (const [name, ms] of steps.slice({ fast: 0, immediate: 1, kill: 2 }[how])) {
        if (child.exitCode !== null || child.signalCode !== null) break
        if (name !== 'SIGINT' && how === 'fast') this.log(`${this.name} does not stop: sending ${name}`)
        signal(child.pid, name)
        await Promise.race([this.supervision, sleep(ms, undefined, { ref: false })])
      }
    }
    await this.supervision
    if (how === 'kill') await endOrphans(this.folder, 0)
    this.halt = null
    this.state = 'stopped'
  }

  private async supervise(halt: AbortSignal): Promise<void> {
    while (!halt.aborted) {
      const begun = Date.now()
      let wasUp = false
      try {
        await this.clearLeftovers()
        if (halt.aborted) break
        const reason = await this.runOnce(halt)
        if (halt.aborted) break
        wasUp = this.state === 'running'
        this.state = 'crashed'
        this.log(
          `${this.name} ended (${reason}); ${this.paused() ? 'paused: it stays down' : 'starting it again'}`,
        )
      } catch (error) {
        this.state = 'crashed'
        this.log(`${this.name} could not be started: ${error instanceof Error ? error.message : error}`)
      }
      this.failures = Date.now() - begun > 10_000 ? 1 : this.failures + 1
      // One that was up comes back at once, however often it is killed; one that does not come up gets time.
      const delay = wasUp ? 200 : Math.min(5000, 200 * 2 ** (this.failures - 1))
      do await sleep(delay, undefined, { signal: halt }).catch(() => {})
      while (this.paused() && !halt.aborted)
    }
  }

  /** Runs the server until it ends; answers how it ended. */
  private async runOnce(halt: AbortSignal): Promise<string> {
    this.state = 'starting'
    this.output = ''
    const { file, args, options } = asUser(this.runAs, this.postgres, ['-D', this.folder])
    const child = spawn(file, args, {
      ...options,
      cwd: '/',
      env: { ...postgresEnvironment(), ...KEEPING_MEMORY },
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a session of its own: Ctrl-C in a terminal must not reach it, we stop the members in order.
      detached: true,
    })
    this.child = child
    child.stderr?.on('data', (chunk) => {
      this.output = (this.output + chunk).slice(-8192)
    })
    const ended = once(child, 'exit').then(([code, name]) => (name ? `signal ${name}` : `exit code ${code}`))
    this.markRunning(child, halt)
    try {
      return await ended
    } finally {
      this.child = null
      this.probe.close()
    }
  }

  private async markRunning(child: ChildProcess, halt: AbortSignal): Promise<void> {
    while (this.child === child && !halt.aborted) {
      const up = await this.probe
        .run((sql) => sql`select 1`)
        .then(
          () => true,
          () => false,
        )
      if (up) {
        if (this.child === child && !halt.aborted) this.state = 'running'
        return
      }
      await sleep(50)
    }
  }

  /** Ends what an earlier supervisor or a killed postmaster left running on this data folder. */
  private async clearLeftovers(): Promise<void> {
    const left = findPostmaster(this.folder)
    if (left) {
      this.log(`${this.name}: stopping process ${left}, left running by an earlier start`)
      await stopPostmaster(left)
    }
    await endOrphans(this.folder)
  }
}
