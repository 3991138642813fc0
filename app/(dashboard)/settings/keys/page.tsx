import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { keysInput } from '@/components/settings/inputs'
import { KeysPanel } from '@/components/settings/keys-panel'
import { currentAccount } from '@/lib/access/auth'
import { listKeys } from '@/lib/access/keys/contract'
import { findKeys } from '@/lib/access/keys/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Keys' }

export default async function KeysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [{ project }, account] = await Promise.all([loadSearch(searchParams), currentAccount()])
  const client = new QueryClient()
  await prefetch(client, listKeys, findKeys, keysInput(project))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <KeysPanel mayChange={account?.role === 'admin'} />
    </HydrationBoundary>
  )
}
