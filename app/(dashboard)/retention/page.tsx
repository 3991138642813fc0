import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { keysInput } from '@/components/analytics/inputs'
import { retentionInput, returnEventsInput } from '@/components/analytics/retention/inputs'
import { RetentionPanel } from '@/components/analytics/retention-panel'
import { getEventAnalytics, listPropertyKeys } from '@/lib/analytics/events/contract'
import { analyzeEvents, findPropertyKeys } from '@/lib/analytics/events/service'
import { getRetention } from '@/lib/analytics/retention/contract'
import { findRetention } from '@/lib/analytics/retention/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Retention' }

export default async function RetentionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getRetention, findRetention, retentionInput(search)),
    prefetch(client, getEventAnalytics, analyzeEvents, returnEventsInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RetentionPanel />
    </HydrationBoundary>
  )
}
