'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { useAddress } from '@/components/analytics/use-address'
import { EmptyState } from '@/components/ui/empty-state'
import { useFunnelAddress } from './use-funnel-address'

/** What stands where a project has no funnels: the lines that record a stage, and the way to build one without them. */
export function FirstStage() {
  const { fresh } = useFunnelAddress()
  const address = useAddress()
  return (
    <EmptyState
      title="No funnels in this range"
      code={`curl ${address}/api/analytics/user/funnels/track \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "funnel": "checkout", "stage": "cart", "stageOrder": 1}'

curl ${address}/api/analytics/user/funnels/complete \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "funnel": "checkout"}'`}
    >
      Choose a longer range, remove a filter,{' '}
      <Anchor component={Link} href={fresh} fz="sm" underline="always">
        build a funnel from events
      </Anchor>{' '}
      that are recorded already, or record stages with a write key from{' '}
      <Anchor component={Link} href="/settings/keys" fz="sm" underline="always">
        the project’s keys
      </Anchor>
      .
    </EmptyState>
  )
}
