'use client'

import { Alert, Button } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { useState } from 'react'
import { GuardedAction } from '@/components/recovery/guarded-action'
import { formatMoment } from '@/components/ui/format'
import { send } from '@/lib/http/client'
import { cancelScheduled } from '@/lib/recovery/failover/contract'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'

interface ScheduledProps {
  planned: NonNullable<ReplicationStatus['cluster']['scheduled']>
  cluster: string
  mayAct: boolean
}

/** The switchover that the engine will carry out, and the button that cancels it. */
export function Scheduled({ planned, cluster, mayAct }: ScheduledProps) {
  const [opened, setOpened] = useState(false)
  return (
    <Alert
      color="tide"
      variant="outline"
      icon={<IconClock size={18} />}
      title={`A switchover is scheduled for ${formatMoment(planned.at, 'UTC')} UTC`}
    >
      From {planned.from ?? 'the leader'} to {planned.to ?? 'the best standby'}. The engine makes its own
      checks then, and does nothing if they fail.
      {mayAct && (
        <Button variant="default" size="xs" ml="sm" onClick={() => setOpened(true)}>
          Cancel the switchover
        </Button>
      )}
      <GuardedAction
        title="Cancel the scheduled switchover?"
        verb="Cancel the switchover"
        cluster={cluster}
        opened={opened}
        onClose={() => setOpened(false)}
        send={(guard) => send(cancelScheduled, guard)}
      >
        The leader stays where it is.
      </GuardedAction>
    </Alert>
  )
}
