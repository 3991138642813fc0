import { kindWords } from '@/components/recovery/backups/words'
import type { Backup } from '@/lib/recovery/backups/contract'
import type { Task, TaskStep } from '@/lib/recovery/tasks/contract'

export const taskWords: Record<Task['kind'], string> = {
  backup: 'Backup',
  verify: 'Verification',
  drill: 'Drill',
  restore: 'Restore',
  'cut-over': 'Cut-over',
}

export const taskStates: Record<Task['state'], { status: 'pass' | 'warn' | 'fail'; label: string }> = {
  running: { status: 'warn', label: 'Under way' },
  succeeded: { status: 'pass', label: 'Succeeded' },
  failed: { status: 'fail', label: 'Failed' },
}

export const stepWords: Record<TaskStep['name'], string> = {
  copy: 'Copy the files',
  record: 'Record what it holds',
  archive: 'Archive its WAL',
  replicate: 'Copy to the second repository',
  expire: 'Remove what is not needed',
  verify: 'Read and compare',
  restore: 'Restore the files',
  replay: 'Replay the WAL',
  check: 'Check the indexes',
  compare: 'Compare the rows',
  clean: 'Clean up',
  stop: 'Stop the cluster',
  start: 'Start the server',
  rebuild: 'Make the standbys anew',
}

const nameOf = ({ kind, backup }: Task, backups: Backup[]): string => {
  const about = kind === 'backup' && backups.find((one) => one.id === backup)
  return about ? `${kindWords[about.kind]} backup` : taskWords[kind]
}

/** A task in two or three words: Drill, repository 2. */
export const shortTitleOf = (task: Task, backups: Backup[]): string =>
  `${nameOf(task, backups)}${task.repository === null || task.kind === 'backup' ? '' : `, repository ${task.repository}`}`

const prepositions: Record<Task['kind'], string> = {
  backup: 'into',
  verify: 'of',
  drill: 'from',
  restore: 'from',
  'cut-over': 'to what was restored from',
}

/** A task as a title: Drill of the full backup from repository 2. */
export function titleOf(task: Task, backups: Backup[]): string {
  const about = task.kind === 'drill' && backups.find((one) => one.id === task.backup)
  const what = about ? ` of the ${kindWords[about.kind].toLowerCase()} backup` : ''
  const where = task.repository === null ? '' : ` ${prepositions[task.kind]} repository ${task.repository}`
  return `${nameOf(task, backups)}${what}${where}`
}
