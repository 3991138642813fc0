'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { useQueryState } from 'nuqs'
import { EmptyState } from '@/components/ui/empty-state'
import { rangeParsers } from './search-params'
import { useAddress } from './use-address'

/** What stands where a project has no events yet: the lines that send the first one. */
export function FirstEvent() {
  const address = useAddress()
  const [project] = useQueryState('project', rangeParsers.project)
  const ofProject = project ? `?project=${encodeURIComponent(project)}` : ''
  return (
    <EmptyState
      title="No events in this range"
      code={`curl ${address}/api/analytics/user/events/track \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "type": "page_view", "pageUrl": "https://shop.example/pricing"}'`}
    >
      Choose a longer range, remove a filter, or put the tracker into your app: the lines are on the page{' '}
      <Anchor component={Link} href={`/settings/install${ofProject}`} fz="sm" underline="always">
        Install
      </Anchor>
      . Or send the first event yourself, with a write key from{' '}
      <Anchor component={Link} href={`/settings/keys${ofProject}`} fz="sm" underline="always">
        the project’s keys
      </Anchor>
      . The answer says 202 when the event is durable.
    </EmptyState>
  )
}
