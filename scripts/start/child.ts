import { type ChildProcess, fork } from 'node:child_process'

/** In a child: ends cleanly when told to, on SIGTERM, and when the parent is gone, even by SIGKILL. */
export function stopWithParent(stop: () => Promise<void>): void {
  // The parent's output goes with it. Next.js would write of that error into the same pipe, without end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  let stopping = false
  const end = async () => {
    if (stopping) return
    stopping = true
    await stop().catch(() => {})
    process.exit()
  }
  process.on('disconnect', end)
  process.on('SIGTERM', end)
  // Ctrl-C reaches the whole group; the parent says when.
  process.on('SIGINT', () => {
    if (!process.connected) end()
  })
}

export interface Child {
  /** Resolves when the child says that it is ready. @throws Error with its own reason */
  ready: Promise<void>
  stop(): Promise<void>
}

const RESTART_MS = 1_000
/** Requests make much that is soon garbage: with the 16 MB that V8 sets, over a quarter of a batch's time went to collecting it. */
const YOUNG_MEMORY = '--max-semi-space-size=64'

/** Runs one of our scripts as a child process, and again whenever it crashes after it was ready. */
export function runChild(
  script: string,
  env: Record<string, string>,
  onCrash: (code: number | null) => void,
): Child {
  let stopping = false
  let child: ChildProcess
  const spawn = (settle?: { resolve(): void; reject(error: Error): void }) => {
    let ready = false
    child = fork(script, { execArgv: [YOUNG_MEMORY, '--import', 'tsx'], env: { ...process.env, ...env } })
    child.on('message', (message: { ready?: boolean; failed?: string }) => {
      if (message.ready) {
        ready = true
        settle?.resolve()
      } else if (message.failed) settle?.reject(new Error(message.failed))
    })
    child.on('exit', (code) => {
      settle?.reject(new Error(`${script} ended with ${code} before it was ready`))
      if (stopping) return
      if (!ready && settle) return
      onCrash(code)
      setTimeout(() => !stopping && spawn(), RESTART_MS)
    })
  }
  const ready = new Promise<void>((resolve, reject) => spawn({ resolve, reject }))
  return {
    ready,
    stop: async () => {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await gone
      clearTimeout(timer)
    },
  }
}
