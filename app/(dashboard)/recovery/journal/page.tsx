import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { journalInput } from '@/components/recovery/inputs'
import { JournalPanel } from '@/components/recovery/journal-panel'
import { journalParsers } from '@/components/recovery/search-params'
import { prefetch } from '@/lib/http/prefetch'
import { getJournal } from '@/lib/recovery/journal/contract'
import { listJournal } from '@/lib/recovery/journal/service'

export const metadata: Metadata = { title: 'Journal' }

const load = createLoader(journalParsers)

export default async function JournalPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const client = new QueryClient()
  await prefetch(client, getJournal, listJournal, journalInput(await load(searchParams)))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <JournalPanel />
    </HydrationBoundary>
  )
}
