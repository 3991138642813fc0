'use client'

import { Button } from '@mantine/core'
import { useState } from 'react'
import { send } from '@/lib/http/client'
import { pauseEngine } from '@/lib/recovery/members/contract'
import { GuardedAction } from './guarded-action'

/** Pauses the engine for maintenance, or lets it go on. */
export function PauseAction({ paused, cluster }: { paused: boolean; cluster: string }) {
  const [opened, setOpened] = useState(false)
  const verb = paused ? 'Resume the engine' : 'Pause the engine'
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        {verb}
      </Button>
      <GuardedAction
        title={`${verb}?`}
        verb={verb}
        cluster={cluster}
        opened={opened}
        onClose={() => setOpened(false)}
        send={(guard) => send(pauseEngine, { paused: !paused, ...guard })}
      >
        {paused
          ? 'It looks after the members again: one that failed is started or made anew, and a leader that is lost may be replaced.'
          : 'For maintenance: no member is promoted, started again or made anew by itself. A leader that fails meanwhile stays down until somebody acts.'}
      </GuardedAction>
    </>
  )
}
