import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { keysInput } from '@/components/analytics/inputs'
import { journeysInput, runsInput } from '@/components/analytics/journeys/inputs'
import { JourneysPanel } from '@/components/analytics/journeys-panel'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { getJourneyAnalytics, listJourneyRuns } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys, findJourneyRuns } from '@/lib/analytics/journeys/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Journeys' }

export default async function JourneysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getJourneyAnalytics, analyzeJourneys, journeysInput(search)),
    search.source === 'steps' && prefetch(client, listJourneyRuns, findJourneyRuns, runsInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <JourneysPanel />
    </HydrationBoundary>
  )
}
