import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { featuresInput } from '@/components/analytics/features/inputs'
import { FeaturesPanel } from '@/components/analytics/features-panel'
import { keysInput } from '@/components/analytics/inputs'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Features' }

export default async function FeaturesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getFeatureStats, measureFeatures, featuresInput(search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FeaturesPanel />
    </HydrationBoundary>
  )
}
