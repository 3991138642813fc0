import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '@/lib/durable'
import { Problem } from '@/lib/http/problem'
import { lockHolder, withLock } from '@/lib/lock'
import type { BackupKind } from '@/lib/recovery/backups/contract'
import { recoveryFolder } from '@/lib/recovery/folder'
import { appendJournal } from '@/lib/recovery/journal/file'
import { operationLock } from '@/lib/recovery/operations/store'
import type { Target } from '@/lib/recovery/restore/contract'
import type { Task, TaskStep } from '@/lib/recovery/tasks/contract'
import { replaceFile } from '@/lib/replace-file'
import { singleton } from '@/lib/singleton'

/** What is to be done. */
export type Order =
  | { kind: 'backup'; backup: BackupKind }
  | { kind: 'verify'; repository: number }
  | { kind: 'drill'; repository: number; backup?: string }
  | { kind: 'restore'; repository: number; target: Target; timeline: number | null; folder: string | null }
  | { kind: 'cut-over'; restore: string; leader: string }
export type OrderOf<Kind extends Order['kind']> = Extract<Order, { kind: Kind }>

/** A task, and what another process needs to carry it out. */
export interface KeptTask<O extends Order = Order> extends Task {
  order: O
  /** Set by the process that took it. */
  taken: boolean
}

const steps: Record<Order['kind'], TaskStep['name'][]> = {
  backup: ['copy', 'record', 'archive', 'replicate', 'expire'],
  verify: ['verify'],
  drill: ['restore', 'replay', 'compare', 'check', 'clean'],
  restore: ['restore', 'replay', 'compare'],
  'cut-over': ['stop', 'start', 'rebuild'],
}

/** Old tasks are forgotten: the journal has what came of them. */
const KEPT = 200

const folder = () => recoveryFolder('tasks')
const pathOf = (id: string) => join(folder(), `${id}.json`)

/** Held by the process that carries a task out. */
export const taskLock = (): string => join(recoveryFolder(), 'task.lock')

/** Asks for a task. @throws Problem 409 while another task, or an operation of the cluster, is under way */
export async function beginTask(order: Order, actor: string, reason: string): Promise<KeptTask> {
  return withLock(join(recoveryFolder(), 'tasks.lock'), 'tasks', async () => {
    const under = loadTasks().find(({ state }) => state === 'running')
    if (under) throw new Problem(409, `A ${under.kind} is under way: wait for its end.`)
    // A cut-over is asked for by the one who holds this lock, as every order to the cluster is.
    if (order.kind !== 'cut-over' && lockHolder(operationLock()))
      throw new Problem(409, 'The leader is being moved: wait for its end.')
    const task: KeptTask = {
      id: randomUUID(),
      kind: order.kind,
      state: 'running',
      actor,
      reason,
      startedAt: new Date().toISOString(),
      endedAt: null,
      steps: steps[order.kind].map((name) => ({
        name,
        state: 'waiting',
        startedAt: null,
        endedAt: null,
        detail: '',
      })),
      message: '',
      progress: null,
      backup: null,
      repository: 'repository' in order ? order.repository : null,
      rtoSeconds: null,
      recoveredTo: null,
      folder: null,
      order,
      taken: false,
    }
    await keepTask(task)
    await appendJournal({
      kind: order.kind,
      actor,
      operationId: task.id,
      message: `asked for: ${reason}`,
      detail: { ...order },
    })
    forgetOld()
    return task
  })
}

/** Keeps a task, durably. */
export const keepTask = (task: KeptTask): Promise<void> => writeDurably(pathOf(task.id), JSON.stringify(task))

/** Keeps how far a task is; a crash may lose that. */
export const keepProgress = (task: KeptTask): void => replaceFile(pathOf(task.id), JSON.stringify(task))

/** One that has ended never changes: it is read once a process, since all are looked through every second. */
export function loadTask(id: string): KeptTask | undefined {
  const ended = singleton('tasks.ended', () => new Map<string, KeptTask>())
  const path = pathOf(id)
  const known = ended.get(path)
  if (known) return known
  try {
    const task = JSON.parse(readFileSync(path, 'utf8')) as KeptTask
    if (task.state !== 'running') ended.set(path, task)
    return task
  } catch {
    return undefined
  }
}

/** All tasks, newest first. */
export function loadTasks(): KeptTask[] {
  return readdirSync(folder())
    .filter((name) => name.endsWith('.json'))
    .map((name) => loadTask(name.slice(0, -5)))
    .filter((task) => task !== undefined)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
}

/** The task of a kind that is under way. */
export const findRunning = (kind: Order['kind']): KeptTask | undefined =>
  loadTasks().find((task) => task.kind === kind && task.state === 'running')

/** What others see of a task. */
export const publicTask = ({ order, taken, ...task }: KeptTask): Task => task

function forgetOld(): void {
  for (const { id } of loadTasks().slice(KEPT)) rmSync(pathOf(id), { force: true })
}
