import { type ChildProcess, fork } from 'node:child_process'
import { env } from '@/lib/env'
import { removeScratch } from '@/lib/recovery/backups/drill'
import { endAbandoned } from '@/lib/recovery/tasks/run'
import { loadTasks } from '@/lib/recovery/tasks/store'

let child: ChildProcess | null = null

/** Starts the task that was asked for, in a process of its own; ends those whose process died, and removes what they left. */
export async function startTasks(): Promise<void> {
  if (child || !env().HOLDFAST_DATA_DIR) return
  const running = loadTasks().filter(({ state }) => state === 'running')
  if (running.length === 0) return
  for (const { id } of await endAbandoned()) await removeScratch(id)
  const next = running.find(({ taken }) => !taken)
  if (!next) return
  child = fork('scripts/disaster-recovery/task.ts', [next.id], {
    execArgv: ['--import', 'tsx'],
    detached: true,
  })
  child.once('exit', () => {
    child = null
  })
}

/** Ends the task that runs: it says so itself. */
export async function endTasks(): Promise<void> {
  const running = child
  if (!running?.connected) return
  const gone = new Promise((resolve) => running.once('exit', resolve))
  running.disconnect()
  await gone
}
