import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { AlertsPanel } from '@/components/recovery/alerts-panel'
import { currentAccount } from '@/lib/access/auth'
import { prefetch } from '@/lib/http/prefetch'
import { listChannels } from '@/lib/recovery/alerts/channels/contract'
import { readChannels } from '@/lib/recovery/alerts/channels/service'
import { getAlerts } from '@/lib/recovery/alerts/contract'
import { readAlerts } from '@/lib/recovery/alerts/service'

export const metadata: Metadata = { title: 'Alerts' }

export default async function AlertsPage() {
  const account = await currentAccount()
  const isAdmin = account?.role === 'admin'
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getAlerts, readAlerts, {}),
    isAdmin && prefetch(client, listChannels, readChannels, {}),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AlertsPanel mayChange={account !== null && account.role !== 'viewer'} isAdmin={isAdmin} />
    </HydrationBoundary>
  )
}
