import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { Shell } from '@/components/layout/shell'
import { currentAccount } from '@/lib/access/auth'
import { listProjects } from '@/lib/access/projects/contract'
import { findProjects } from '@/lib/access/projects/service'
import { prefetch } from '@/lib/http/prefetch'

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const account = await currentAccount()
  if (!account) {
    const path = (await headers()).get('x-path') ?? '/overview'
    redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`)
  }
  const client = new QueryClient()
  await prefetch(client, listProjects, findProjects, {})
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Shell account={{ email: account.email, role: account.role }}>{children}</Shell>
    </HydrationBoundary>
  )
}
