import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { EventsPanel } from '@/components/analytics/events-panel'
import { eventsInput, keysInput, listInput } from '@/components/analytics/inputs'
import { getEventAnalytics, listEvents, listPropertyKeys } from '@/lib/analytics/events/contract'
import { analyzeEvents, findEvents, findPropertyKeys } from '@/lib/analytics/events/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Events' }

export default async function EventsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getEventAnalytics, analyzeEvents, eventsInput(search)),
    prefetch(client, listEvents, findEvents, listInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EventsPanel />
    </HydrationBoundary>
  )
}
