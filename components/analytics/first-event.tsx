'use client'

import { Anchor } from '@mantine/core'
import { EmptyState } from '@/components/ui/empty-state'
import { useOrigin } from './use-origin'

/** What stands where a project has no events yet: the lines that send the first one. */
export function FirstEvent() {
  const origin = useOrigin()
  return (
    <EmptyState
      title="No events in this range"
      code={`curl ${origin}/api/analytics/user/events/track \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "type": "page_view", "pageUrl": "https://shop.example/pricing"}'`}
    >
      Choose a longer range, remove a filter, or send the first event with a write key from{' '}
      <Anchor href="/settings/keys" fz="sm" underline="always">
        the project’s keys
      </Anchor>
      . The answer says 202 when the event is durable.
    </EmptyState>
  )
}
