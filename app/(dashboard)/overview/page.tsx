import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { devicesInput, overviewInput } from '@/components/analytics/inputs'
import { conversionInput, fallingInput, npsInput } from '@/components/analytics/overview/inputs'
import { OverviewPanel } from '@/components/analytics/overview-panel'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { analyzeEvents } from '@/lib/analytics/events/service'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { listFunnels } from '@/lib/analytics/funnels/contract'
import { findFunnels } from '@/lib/analytics/funnels/service'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { prefetch } from '@/lib/http/prefetch'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { readReplicationStatus } from '@/lib/recovery/replication/service'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getEventAnalytics, analyzeEvents, overviewInput(search)),
    prefetch(client, getEventAnalytics, analyzeEvents, devicesInput(search)),
    prefetch(client, listFunnels, findFunnels, conversionInput(search)),
    prefetch(client, getFeatureStats, measureFeatures, fallingInput(search)),
    prefetch(client, getSatisfactionMetrics, measureSatisfaction, npsInput(search)),
    prefetch(client, getReplicationStatus, readReplicationStatus, {}),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OverviewPanel />
    </HydrationBoundary>
  )
}
