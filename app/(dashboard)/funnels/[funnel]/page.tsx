import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { loadFunnelSearch } from '@/app/(dashboard)/funnels/search-params'
import { FunnelPanel } from '@/components/analytics/funnel-panel'
import { funnelInput, isAskable, namesInput, topEventsInput } from '@/components/analytics/funnels/inputs'
import { keysInput } from '@/components/analytics/inputs'
import { getEventAnalytics, listPropertyKeys } from '@/lib/analytics/events/contract'
import { analyzeEvents, findPropertyKeys } from '@/lib/analytics/events/service'
import { getFunnelAnalytics, listFunnelNames } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel, findFunnelNames } from '@/lib/analytics/funnels/service'
import { prefetch } from '@/lib/http/prefetch'

interface FunnelPageProps {
  params: Promise<{ funnel: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: FunnelPageProps): Promise<Metadata> {
  return { title: nameIn(await params) }
}

export default async function FunnelPage({ params, searchParams }: FunnelPageProps) {
  const [funnel, search] = [nameIn(await params), await loadFunnelSearch(searchParams)]
  const client = new QueryClient()
  const isDraft = search.definition !== null
  await Promise.all([
    isAskable(search) && prefetch(client, getFunnelAnalytics, analyzeFunnel, funnelInput(funnel, search)),
    prefetch(client, listPropertyKeys, findPropertyKeys, keysInput(search)),
    isDraft && prefetch(client, getEventAnalytics, analyzeEvents, topEventsInput(search)),
    isDraft && prefetch(client, listFunnelNames, findFunnelNames, namesInput(search)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FunnelPanel funnel={funnel} />
    </HydrationBoundary>
  )
}

/** The funnel's name, as the path has it encoded; what is no encoding stands for itself. */
function nameIn({ funnel }: { funnel: string }): string {
  try {
    return decodeURIComponent(funnel)
  } catch {
    return funnel
  }
}
