'use client'

import { Alert, Anchor } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { detailOf } from '@/components/ui/problem-alert'
import { query } from '@/lib/http/client'
import type { BackupList } from '@/lib/recovery/backups/contract'
import { getOperation, movesLeader } from '@/lib/recovery/operations/contract'
import type { Task } from '@/lib/recovery/tasks/contract'
import { TaskView } from './task-view'

interface WatchedTaskProps {
  data: BackupList
  /** The task of the address. */
  chosen: string | null
  /** What is shown if none was chosen. */
  running: Task | undefined
  now: number
  onClose: () => void
  /** What may be done next with a task. */
  children?: (task: Task) => ReactNode
}

/** The task that is looked at: the one of the address, else the one that runs. */
export function WatchedTask({ data, chosen, running, now, onClose, children }: WatchedTaskProps) {
  const listed = data.tasks.find(({ id }) => id === chosen)
  // One that the list holds no more is asked for by itself.
  const { data: older, error } = useQuery({
    ...query(getOperation, { id: chosen ?? '' }),
    enabled: chosen !== null && !listed,
    retry: false,
  })
  const task = chosen ? (listed ?? (older && !movesLeader(older) ? older : undefined)) : running
  if (task)
    return (
      <TaskView task={task} backups={data.backups} now={now} onClose={onClose}>
        {children?.(task)}
      </TaskView>
    )
  if (!chosen || !error) return null
  return (
    <Alert
      color="gray"
      variant="outline"
      icon={<IconInfoCircle size={18} />}
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={onClose}
      title="This task could not be shown"
    >
      {detailOf(error)} What it came to may be{' '}
      <Anchor component={Link} href={`/recovery/journal?operationId=${chosen}`} inherit>
        in the journal
      </Anchor>
      .
    </Alert>
  )
}
