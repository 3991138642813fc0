import { takeLock } from '@/lib/lock'
import { log } from '@/lib/log'
import type { Progress } from '@/lib/recovery/backups/provider'
import { appendJournal } from '@/lib/recovery/journal/file'
import type { TaskStep } from '@/lib/recovery/tasks/contract'
import {
  type KeptTask,
  keepProgress,
  keepTask,
  loadTasks,
  type Order,
  taskLock,
} from '@/lib/recovery/tasks/store'

/** How often progress is kept, in milliseconds. */
const PROGRESS_MS = 500

/** What the work of a task is done with. */
export interface Context<O extends Order = Order> {
  task: KeptTask<O>
  abort: AbortSignal
  /** Runs a step; what it answers is what the step says when it is done, with a result for those that follow. */
  step(name: TaskStep['name'], work: (progress: Progress) => Promise<string>): Promise<void>
  step<T>(
    name: TaskStep['name'],
    work: (progress: Progress) => Promise<{ result: T; detail: string }>,
  ): Promise<T>
  /** Runs a step whose failure is told, and ends nothing. @returns whether it was done */
  tryStep(name: TaskStep['name'], work: (progress: Progress) => Promise<string>): Promise<boolean>
  /** Leaves a step out, and says why. */
  skip(name: TaskStep['name'], why: string): void
}

/** The work of each kind of task. @returns what it came to, in a sentence; fails with an Error that is told as it is */
export type Works = {
  [Kind in Order['kind']]: (context: Context<Extract<Order, { kind: Kind }>>) => Promise<string>
}

/**
 * Carries a task out, in this process. Each step is on disk before the next begins. Never throws: what went wrong is in
 * the task, the journal and the log.
 */
export async function runTask(task: KeptTask, works: Works, abort: AbortSignal): Promise<void> {
  const lock = takeLock(taskLock(), task.id)
  if ('holder' in lock) return
  try {
    task.taken = true
    await keepTask(task)
    const work = works[task.kind] as (context: Context) => Promise<string>
    await end(task, 'succeeded', await work(contextOf(task, abort)))
  } catch (error) {
    log('warn', 'a task failed', { id: task.id, kind: task.kind, error })
    await end(task, 'failed', messageOf(error)).catch((cause) =>
      log('error', 'the end of a task could not be kept', { id: task.id, error: cause }),
    )
  } finally {
    lock.release()
  }
}

/** Ends tasks whose process died. @returns those that were ended */
export async function endAbandoned(): Promise<KeptTask[]> {
  const lock = takeLock(taskLock(), 'abandoned')
  if ('holder' in lock) return []
  try {
    const left = loadTasks().filter(({ state, taken }) => state === 'running' && taken)
    for (const task of left) {
      for (const step of task.steps) if (step.state === 'running') step.state = 'failed'
      await end(task, 'failed', 'Its process died. What it had not finished counts for nothing.')
    }
    return left
  } finally {
    lock.release()
  }
}

function contextOf(task: KeptTask, abort: AbortSignal): Context {
  const attempt = async <T>(
    name: TaskStep['name'],
    work: (progress: Progress) => Promise<string | { result: T; detail: string }>,
  ): Promise<T> => {
    const step = find(task, name)
    step.state = 'running'
    step.startedAt = new Date().toISOString()
    await keepTask(task)
    try {
      abort.throwIfAborted()
      const answer = await work(progressOf(task))
      step.detail = typeof answer === 'string' ? answer : answer.detail
      step.state = 'done'
      return (typeof answer === 'string' ? undefined : answer.result) as T
    } catch (error) {
      step.detail = messageOf(error)
      step.state = 'failed'
      throw error
    } finally {
      step.endedAt = new Date().toISOString()
      task.progress = null
      await keepTask(task)
    }
  }
  return {
    task,
    abort,
    step: attempt,
    skip: (name, why) => {
      const step = find(task, name)
      step.state = 'skipped'
      step.detail = why
      keepProgress(task)
    },
    tryStep: (name, work) =>
      attempt(name, work).then(
        () => true,
        (error) => {
          abort.throwIfAborted()
          log('warn', 'a step of a task failed', { id: task.id, step: name, error })
          return false
        },
      ),
  }
}

const find = (task: KeptTask, name: TaskStep['name']): TaskStep =>
  task.steps.find((one) => one.name === name) as TaskStep

function progressOf(task: KeptTask): Progress {
  let kept = 0
  return (done, total) => {
    if (Date.now() - kept < PROGRESS_MS) return
    kept = Date.now()
    task.progress = total === null ? null : { done: Math.round(done), total: Math.round(total) }
    keepProgress(task)
  }
}

async function end(task: KeptTask, state: 'succeeded' | 'failed', message: string): Promise<void> {
  task.state = state
  task.message = message
  task.endedAt = new Date().toISOString()
  task.progress = null
  await keepTask(task)
  await appendJournal({
    kind: task.kind,
    actor: task.actor,
    operationId: task.id,
    message: `${state}: ${message}`,
    detail: { backup: task.backup, rtoSeconds: task.rtoSeconds, recoveredTo: task.recoveredTo },
  })
}

/** One line; a query's error has its reason in its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
    return `The disk is full: make room, or keep fewer backups. (${error.message})`
  return error.cause instanceof Error ? error.cause.message : error.message
}
