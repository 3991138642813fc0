import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { FeaturePanel } from '@/components/analytics/feature-panel'
import { featureInput, featureRetentionInput } from '@/components/analytics/features/inputs'
import { keysInput } from '@/components/analytics/inputs'
import { decodeParam } from '@/components/layout/decode-param'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { findPropertyKeys } from '@/lib/analytics/events/service'
import { getFeatureRetention, getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatureRetention, measureFeatures } from '@/lib/analytics/features/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

interface FeaturePageProps {
  params: Promise<{ feature: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: FeaturePageProps): Promise<Metadata> {
  return { title: decodeParam((await params).feature) }
}

export default async function FeaturePage({ params, searchParams }: FeaturePageProps) {
  const name = decodeParam((await params).feature)
  const search = await loadSearch(searchParams)
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getFeatureStats, measureFeatures, featureInput(name, search)),
    prefetch(client, getFeatureRetention, measureFeatureRetention, featureRetentionInput(name, search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FeaturePanel name={name} />
    </HydrationBoundary>
  )
}
