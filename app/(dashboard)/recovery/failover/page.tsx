import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { FailoverPanel } from '@/components/recovery/failover-panel'
import { failoverParsers } from '@/components/recovery/search-params'
import { currentAccount } from '@/lib/access/auth'
import { prefetch } from '@/lib/http/prefetch'
import { getOperation, listOperations } from '@/lib/recovery/operations/contract'
import { readOperation, readOperations } from '@/lib/recovery/operations/service'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { readReplicationStatus } from '@/lib/recovery/replication/service'

export const metadata: Metadata = { title: 'Failover' }

const load = createLoader(failoverParsers)

export default async function FailoverPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [{ operation }, account] = await Promise.all([load(searchParams), currentAccount()])
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, getReplicationStatus, readReplicationStatus, {}),
    prefetch(client, listOperations, readOperations, {}),
    operation && prefetch(client, getOperation, readOperation, { id: operation }),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FailoverPanel me={account !== null && account.role !== 'viewer' ? account.email : null} />
    </HydrationBoundary>
  )
}
