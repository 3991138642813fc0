import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { AuditPanel } from '@/components/settings/audit-panel'
import { auditInput } from '@/components/settings/inputs'
import { listAuditEntries } from '@/lib/access/audit/contract'
import { findAuditEntries } from '@/lib/access/audit/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { before } = await loadSearch(searchParams)
  const client = new QueryClient()
  await prefetch(client, listAuditEntries, findAuditEntries, auditInput(before))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AuditPanel />
    </HydrationBoundary>
  )
}
