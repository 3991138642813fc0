'use client'

import { Button, Group } from '@mantine/core'
import { tracker } from '@/components/layout/tracker'
import shared from './demo.module.css'
import { changeShop, useAlive, useShop } from './store'

/** Says no, or yes, to being recorded. A yes counts more than what the browser says of tracking. */
export function RecordingSwitch() {
  const { recording } = useShop()
  const alive = useAlive()
  const refused = alive && browserRefuses()
  const change = (yes: boolean) => {
    if (yes) tracker.optIn()
    else tracker.optOut()
    changeShop({ recording: yes })
  }
  return (
    <>
      <p role="status" style={{ margin: '0 0 8px' }}>
        {recording
          ? 'What you do in this shop is recorded, without cookies.'
          : 'Nothing that you do in this shop is recorded.'}
      </p>
      {refused && (
        <p className={shared.said}>
          Your browser asks not to be tracked, and that is honoured: “Record again” is needed to record
          anything.
        </p>
      )}
      <Group gap="sm" mt="xs">
        <Button size="md" variant="default" disabled={!recording} onClick={() => change(false)}>
          Record nothing
        </Button>
        <Button size="md" variant="default" disabled={recording && !refused} onClick={() => change(true)}>
          Record again
        </Button>
      </Group>
    </>
  )
}

/** Whether the browser sends Global Privacy Control or Do Not Track. */
function browserRefuses(): boolean {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean }
  return globalPrivacyControl === true || doNotTrack === '1'
}
