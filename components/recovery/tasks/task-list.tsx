import { formatSeconds, formatShort, secondsBetween } from '@/components/recovery/backups/words'
import classes from '@/components/recovery/checks.module.css'
import type { Column } from '@/components/ui/data-table'
import { NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import type { Backup } from '@/lib/recovery/backups/contract'
import type { Task } from '@/lib/recovery/tasks/contract'
import { shortTitleOf, stepWords, taskStates, titleOf } from './words'

interface TaskListProps {
  title: string
  tasks: Task[]
  backups: Backup[]
  empty: string
  onPick: (id: string) => void
}

/** Tasks with how long they and their steps took and what they came to; one click shows a task in full. */
export function TaskList({ title, tasks, backups, empty, onPick }: TaskListProps) {
  const columns: Column<Task>[] = [
    {
      title: 'When (UTC)',
      nowrap: true,
      value: ({ startedAt }) => startedAt,
      show: ({ startedAt }) => formatShort(startedAt),
      onPick:
        ({ id }) =>
        () =>
          onPick(id),
      pickLabel: (task) => `Show every step of: ${titleOf(task, backups)}`,
    },
    { title: 'What', nowrap: true, value: (task) => shortTitleOf(task, backups) },
    {
      title: 'Came to',
      nowrap: true,
      value: ({ state }) => state,
      show: ({ state }) => taskStates[state].label,
    },
    {
      title: 'Took',
      right: true,
      nowrap: true,
      minor: true,
      value: ({ startedAt, endedAt }) => (endedAt ? secondsBetween(startedAt, endedAt) : null),
      show: ({ startedAt, endedAt }) => (endedAt ? formatSeconds(secondsBetween(startedAt, endedAt)) : NONE),
    },
    {
      title: 'RTO',
      right: true,
      nowrap: true,
      minor: true,
      value: ({ rtoSeconds }) => rtoSeconds,
      show: ({ rtoSeconds }) => formatSeconds(rtoSeconds),
    },
    {
      title: 'Message and steps',
      wide: true,
      minor: true,
      value: (task) => [task.message, stepsOf(task)].filter(Boolean).join(' '),
      show: (task) => (
        <>
          {task.message || 'Under way'}
          <span className={classes.stepTimes}>{stepsOf(task)}</span>
        </>
      ),
    },
  ]
  return (
    <Panel
      title={title}
      csv={title.toLowerCase()}
      table={{ caption: title, columns, rows: tasks, rowKey: ({ id }) => id, empty, maxHeight: 420 }}
    />
  )
}

/** Every step that ran, and for how long: Copy the files 2.1 s, Archive its WAL 120 ms. */
function stepsOf({ steps }: Task): string {
  return steps
    .filter(({ state }) => state === 'done' || state === 'failed')
    .map(({ name, state, startedAt, endedAt }) => {
      const took = startedAt && endedAt ? ` ${formatSeconds(secondsBetween(startedAt, endedAt))}` : ''
      return `${stepWords[name]}${state === 'failed' ? ' failed' : ''}${took}`
    })
    .join(', ')
}
