'use client'

import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { send } from '@/lib/http/client'
import { fenceMember } from '@/lib/recovery/members/contract'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'
import { GuardedAction } from './guarded-action'

/** The loudest alarm: two members take writes; with a button that fences the one that the engine does not say leads. */
export function SplitBrain({
  data: { members, cluster },
  mayAct,
}: {
  data: ReplicationStatus
  mayAct: boolean
}) {
  const [fencing, setFencing] = useState<string | null>(null)
  const writable = members.filter(({ takesWrites }) => takesWrites)
  if (writable.length < 2) return null
  const wrong = writable.filter(({ name }) => cluster.leader !== null && name !== cluster.leader)
  return (
    <Alert
      color="red"
      variant="filled"
      role="alert"
      icon={<IconAlertTriangle size={20} />}
      title={`${writable.map(({ name }) => name).join(' and ')} both take writes`}
    >
      The cluster has split: each acknowledges records that the other never gets.{' '}
      {cluster.leader
        ? `The engine says that ${cluster.leader} leads.`
        : 'The engine does not say who leads.'}
      {mayAct &&
        wrong.map(({ name }) => (
          <Button key={name} variant="white" color="red.9" size="xs" ml="sm" onClick={() => setFencing(name)}>
            Fence {name}
          </Button>
        ))}
      <GuardedAction
        title={`Fence ${fencing}?`}
        verb={`Fence ${fencing}`}
        cluster={cluster.name}
        opened={fencing !== null}
        onClose={() => setFencing(null)}
        send={(guard) => send(fenceMember, { member: fencing ?? '', ...guard })}
      >
        {`${fencing} begins no more transactions that write, acknowledges none, and every connection to it is ended. Its data stay as they are; what only it has is to be looked at before it is made anew.`}
      </GuardedAction>
    </Alert>
  )
}
