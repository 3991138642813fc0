import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { keysInput } from '@/components/analytics/inputs'
import { usersInput } from '@/components/analytics/users/inputs'
import { UsersPanel } from '@/components/analytics/users-panel'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { listUsers } from '@/lib/analytics/users/contract'
import { findUsers } from '@/lib/analytics/users/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, listUsers, findUsers, usersInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <UsersPanel />
    </HydrationBoundary>
  )
}
