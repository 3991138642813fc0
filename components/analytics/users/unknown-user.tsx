'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { useAddress } from '@/components/analytics/use-address'
import { PageHeader } from '@/components/layout/page-header'
import { EmptyState } from '@/components/ui/empty-state'

const parsers = { project: rangeParsers.project }
const toUsers = createSerializer(parsers)

/** What stands where nothing is stored about a user: never recorded, expired, or deleted. */
export function UnknownUser() {
  const address = useAddress()
  const [search] = useQueryStates(parsers)
  return (
    <>
      <Anchor component={Link} href={toUsers('/users', search)} size="sm">
        ← Users
      </Anchor>
      <PageHeader title="No such user" />
      <EmptyState
        title="Nothing is stored about this user"
        code={`curl ${address}/api/analytics/user/events/track \\
  -H 'Authorization: Bearer wk_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-1", "name": "signed_up"}'`}
      >
        This project has no record with this id: none was sent, they were older than the project keeps them,
        or they were deleted. The first record makes the page.
      </EmptyState>
    </>
  )
}
