import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { metricAlertsInput } from '@/components/analytics/metric-alerts/inputs'
import { MetricAlertsPanel } from '@/components/analytics/metric-alerts-panel'
import { listMetricAlerts } from '@/lib/analytics/metric-alerts/contract'
import { findMetricAlerts } from '@/lib/analytics/metric-alerts/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Metric alerts' }

export default async function MetricAlertsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { project } = await loadSearch(searchParams)
  const client = new QueryClient()
  await prefetch(client, listMetricAlerts, findMetricAlerts, metricAlertsInput(project))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <MetricAlertsPanel />
    </HydrationBoundary>
  )
}
