import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { ReplicationPanel } from '@/components/recovery/replication-panel'
import { prefetch } from '@/lib/http/prefetch'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { readReplicationStatus } from '@/lib/recovery/replication/service'

export const metadata: Metadata = { title: 'Replication' }

export default async function ReplicationPage() {
  const client = new QueryClient()
  await prefetch(client, getReplicationStatus, readReplicationStatus, {})
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ReplicationPanel />
    </HydrationBoundary>
  )
}
