import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { planInput } from '@/components/recovery/inputs'
import { faultOf } from '@/components/recovery/restore/target'
import { RestorePanel } from '@/components/recovery/restore-panel'
import { restoreParsers } from '@/components/recovery/search-params'
import { currentAccount } from '@/lib/access/auth'
import { prefetch } from '@/lib/http/prefetch'
import { getBackupHealth, listBackups } from '@/lib/recovery/backups/contract'
import { checkBackups, readBackups } from '@/lib/recovery/backups/service'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { readReplicationStatus } from '@/lib/recovery/replication/service'
import { planRestore } from '@/lib/recovery/restore/contract'
import { planRestoreTo } from '@/lib/recovery/restore/service'

export const metadata: Metadata = { title: 'Restore' }

const load = createLoader(restoreParsers)

export default async function RestorePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const asked = await load(searchParams)
  const client = new QueryClient()
  const [account] = await Promise.all([
    currentAccount(),
    prefetch(client, getBackupHealth, checkBackups, {}),
    prefetch(client, listBackups, readBackups, {}),
    asked.task && prefetch(client, getReplicationStatus, readReplicationStatus, {}),
    faultOf(asked.kind, asked.value) === null &&
      prefetch(client, planRestore, planRestoreTo, planInput(asked)),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RestorePanel mayAct={account !== null && account.role !== 'viewer'} />
    </HydrationBoundary>
  )
}
