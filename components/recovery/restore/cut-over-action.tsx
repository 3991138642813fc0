'use client'

import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { GuardedAction } from '@/components/recovery/guarded-action'
import { useReplication } from '@/components/recovery/use-replication'
import { formatMoment } from '@/components/ui/format'
import { send } from '@/lib/http/client'
import { cutOver } from '@/lib/recovery/restore/contract'
import type { Task } from '@/lib/recovery/tasks/contract'

const EVERY_MS = 10_000

interface CutOverProps {
  task: Task
  provider: 'local' | 'pgbackrest' | null
  /** It leads already: a restore can be cut over to once. */
  done: boolean
  busy: boolean
  onBegun: (taskId: string) => void
}

/** Puts what was restored in the leader's place, after it has said what that undoes. */
export function CutOverAction({ task, provider, done, busy, onBegun }: CutOverProps) {
  const [opened, setOpened] = useState(false)
  const { data } = useReplication(EVERY_MS)
  const cluster = data?.cluster
  if (!cluster) return null
  if (provider !== 'local')
    return (
      <Text size="sm" c="dimmed">
        To cut over, follow the last steps of the instructions.
      </Text>
    )
  if (done)
    return (
      <Text size="sm" c="dimmed">
        It was put in the leader’s place.
      </Text>
    )
  const { at, lsn } = task.recoveredTo ?? { at: null, lsn: 'its target' }
  const point = at ? `${formatMoment(at, 'UTC')} UTC, its last commit,` : lsn
  return (
    <>
      <Button color="red.8" size="xs" disabled={busy} onClick={() => setOpened(true)}>
        Cut over…
      </Button>
      <GuardedAction
        title="Cut over to what was restored?"
        verb="Cut over"
        cluster={cluster.name}
        opened={opened}
        onClose={() => setOpened(false)}
        send={async (guard) => onBegun((await send(cutOver, { taskId: task.id, ...guard })).taskId)}
      >
        {`The leader${cluster.leader ? `, ${cluster.leader},` : ''} is stopped, and starts again with what was restored; the standbys are made anew from it. Everything that was recorded after ${point} is undone. Meanwhile records wait in the spool, and are written after. What the leader has now is not deleted: its folder is kept beside the new one.`}
      </GuardedAction>
    </>
  )
}
