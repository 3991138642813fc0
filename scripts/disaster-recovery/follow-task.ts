import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Carries a task out here, unless a worker took it already, prints each step as it ends, and what it came to.
 *
 * @returns the exit code
 */
export async function followTask(id: string): Promise<number> {
  const { runTask } = await import('@/lib/recovery/tasks/run')
  const { loadTask } = await import('@/lib/recovery/tasks/store')
  const { works } = await import('@/lib/recovery/tasks/works')
  const begun = loadTask(id)
  if (begun && !begun.taken) void runTask(begun, works, new AbortController().signal)
  const told = new Set<string>()
  console.log()
  for (;;) {
    const task = loadTask(id)
    if (!task) throw new Error(`Task ${id} is gone.`)
    for (const { name, state, detail, startedAt, endedAt } of task.steps) {
      if (!endedAt || told.has(name)) continue
      told.add(name)
      const took = (Date.parse(endedAt) - Date.parse(startedAt ?? endedAt)) / 1000
      console.log(`${name.padEnd(10)} ${state.padEnd(8)} ${took.toFixed(1).padStart(5)} s  ${detail}`)
    }
    if (task.state !== 'running') {
      console.log(`\n${task.message}`)
      return task.state === 'succeeded' ? 0 : 1
    }
    await sleep(100)
  }
}
