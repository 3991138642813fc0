import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { AccountPanel } from '@/components/settings/account-panel'
import { getSecondFactor } from '@/lib/access/second-factor/contract'
import { readSecondFactor } from '@/lib/access/second-factor/service'
import { prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage() {
  const client = new QueryClient()
  await prefetch(client, getSecondFactor, readSecondFactor, {})
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AccountPanel />
    </HydrationBoundary>
  )
}
