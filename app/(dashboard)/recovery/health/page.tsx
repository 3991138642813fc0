import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { HealthPanel } from '@/components/recovery/health-panel'
import { prefetch } from '@/lib/http/prefetch'
import { getDetailedHealth } from '@/lib/recovery/health/contract'
import { checkAll } from '@/lib/recovery/health/service'

export const metadata: Metadata = { title: 'Health' }

export default async function HealthPage() {
  const client = new QueryClient()
  await prefetch(client, getDetailedHealth, checkAll, {})
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <HealthPanel />
    </HydrationBoundary>
  )
}
