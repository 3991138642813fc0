import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { funnelsInput } from '@/components/analytics/funnels/inputs'
import { FunnelsPanel } from '@/components/analytics/funnels-panel'
import { keysInput } from '@/components/analytics/inputs'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { listFunnels } from '@/lib/analytics/funnels/contract'
import { findFunnels } from '@/lib/analytics/funnels/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadFunnelsSearch } from './search-params'

export const metadata: Metadata = { title: 'Funnels' }

export default async function FunnelsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadFunnelsSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, listFunnels, findFunnels, funnelsInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FunnelsPanel />
    </HydrationBoundary>
  )
}
