'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { useAddress } from '@/components/analytics/use-address'
import { EmptyState } from '@/components/ui/empty-state'

/** What stands where there are no runs: the lines that record a step. */
export function FirstStep() {
  const address = useAddress()
  return (
    <EmptyState
      title="No journeys in this range"
      code={`curl ${address}/api/analytics/user/journeys/track \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "journey": "onboarding", "step": "welcome"}'

curl ${address}/api/analytics/user/journeys/complete \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "journey": "onboarding"}'`}
    >
      Choose a longer range, another start or end, remove a filter, look at the page views of sessions
      instead, or record steps with a write key from{' '}
      <Anchor component={Link} href="/settings/keys" fz="sm" underline="always">
        the project’s keys
      </Anchor>
      .
    </EmptyState>
  )
}
