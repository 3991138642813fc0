import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { BackupsPanel } from '@/components/recovery/backups-panel'
import { currentAccount } from '@/lib/access/auth'
import { prefetch } from '@/lib/http/prefetch'
import { getBackupHealth, listBackups } from '@/lib/recovery/backups/contract'
import { checkBackups, readBackups } from '@/lib/recovery/backups/service'

export const metadata: Metadata = { title: 'Backups' }

export default async function BackupsPage() {
  const client = new QueryClient()
  const [account] = await Promise.all([
    currentAccount(),
    prefetch(client, getBackupHealth, checkBackups, {}),
    prefetch(client, listBackups, readBackups, {}),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <BackupsPanel mayAct={account !== null && account.role !== 'viewer'} />
    </HydrationBoundary>
  )
}
