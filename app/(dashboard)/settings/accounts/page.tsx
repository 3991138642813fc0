import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { AccountsPanel } from '@/components/settings/accounts-panel'
import { listAccounts } from '@/lib/access/accounts/contract'
import { findAccounts } from '@/lib/access/accounts/service'
import { prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Accounts' }

export default async function AccountsPage() {
  const client = new QueryClient()
  await prefetch(client, listAccounts, findAccounts, {})
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AccountsPanel />
    </HydrationBoundary>
  )
}
