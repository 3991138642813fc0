import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { keysInput } from '@/components/analytics/inputs'
import { metricsInput, responsesInput } from '@/components/analytics/satisfaction/inputs'
import { SatisfactionPanel } from '@/components/analytics/satisfaction-panel'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { getSatisfactionMetrics, listResponses } from '@/lib/analytics/satisfaction/contract'
import { findResponses, measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Satisfaction' }

export default async function SatisfactionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getSatisfactionMetrics, measureSatisfaction, metricsInput(search)),
    prefetch(client, listResponses, findResponses, responsesInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SatisfactionPanel />
    </HydrationBoundary>
  )
}
