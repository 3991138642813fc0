import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { ReplicationPanel } from '@/components/recovery/replication-panel'
import { samplesParsers } from '@/components/recovery/search-params'
import { currentAccount } from '@/lib/access/auth'
import { prefetch } from '@/lib/http/prefetch'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { readReplicationStatus } from '@/lib/recovery/replication/service'
import { getReplicationSamples } from '@/lib/recovery/samples/contract'
import { readReplicationSamples } from '@/lib/recovery/samples/service'

export const metadata: Metadata = { title: 'Replication' }

const load = createLoader(samplesParsers)

export default async function ReplicationPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { range } = await load(searchParams)
  const client = new QueryClient()
  const [account] = await Promise.all([
    currentAccount(),
    prefetch(client, getReplicationStatus, readReplicationStatus, {}),
    prefetch(client, getReplicationSamples, readReplicationSamples, { range }),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ReplicationPanel mayAct={account !== null && account.role !== 'viewer'} />
    </HydrationBoundary>
  )
}
