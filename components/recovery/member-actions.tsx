'use client'

import { Button } from '@mantine/core'
import { useState } from 'react'
import { send } from '@/lib/http/client'
import { reinitializeMember } from '@/lib/recovery/members/contract'
import { GuardedAction } from './guarded-action'

/** What may be ordered of one member. */
export function MemberActions({ member, cluster }: { member: string; cluster: string }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" size="xs" mt="sm" onClick={() => setOpened(true)}>
        Reinitialize {member}
      </Button>
      <GuardedAction
        title={`Reinitialize ${member}?`}
        verb={`Reinitialize ${member}`}
        cluster={cluster}
        opened={opened}
        onClose={() => setOpened(false)}
        send={(guard) => send(reinitializeMember, { member, ...guard })}
      >
        {`The data of ${member} are deleted, and copied anew from the leader. What only ${member} has is gone for good. Until it follows again there is one standby less.`}
      </GuardedAction>
    </>
  )
}
