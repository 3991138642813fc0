import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { UserPanel } from '@/components/analytics/user-panel'
import { timelineInput, userInput } from '@/components/analytics/users/inputs'
import { UnknownUser } from '@/components/analytics/users/unknown-user'
import { decodeParam } from '@/components/layout/decode-param'
import { currentAccount } from '@/lib/access/auth'
import { getUser, listUserRecords } from '@/lib/analytics/users/contract'
import { findUser, findUserRecords } from '@/lib/analytics/users/service'
import { queryKey } from '@/lib/http/client'
import { prefetch } from '@/lib/http/prefetch'
import { Problem } from '@/lib/http/problem'
import { loadSearch } from './search-params'

interface UserPageProps {
  params: Promise<{ userId: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: UserPageProps): Promise<Metadata> {
  return { title: decodeParam((await params).userId) }
}

export default async function UserPage({ params, searchParams }: UserPageProps) {
  const userId = decodeParam((await params).userId)
  const [search, account] = await Promise.all([loadSearch(searchParams), currentAccount()])
  const client = new QueryClient()
  const input = userInput(userId, search)
  await Promise.all([
    prefetch(client, getUser, findUser, input),
    prefetch(client, listUserRecords, findUserRecords, timelineInput(userId, search)),
  ])
  const error = client.getQueryState(queryKey(getUser, input))?.error
  if (error instanceof Problem && error.status === 404) return <UnknownUser />
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <UserPanel userId={userId} mayDelete={account?.role === 'admin'} />
    </HydrationBoundary>
  )
}
