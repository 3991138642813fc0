import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { latestInput } from '@/components/settings/inputs'
import { InstallPanel } from '@/components/settings/install-panel'
import { currentAccount } from '@/lib/access/auth'
import { getLatestRecord } from '@/lib/analytics/records/contract'
import { readLatestRecord } from '@/lib/analytics/records/service'
import { env } from '@/lib/env'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Install' }

export default async function InstallPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [{ project }, account] = await Promise.all([loadSearch(searchParams), currentAccount()])
  const client = new QueryClient()
  await prefetch(client, getLatestRecord, readLatestRecord, latestInput(project))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <InstallPanel mayChange={account?.role === 'admin'} demo={env().HOLDFAST_DEMO_KEY !== undefined} />
    </HydrationBoundary>
  )
}
