import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { Shell } from '@/components/layout/shell'
import { TrackerScript } from '@/components/layout/tracker-script'
import { TimeZones } from '@/components/ui/time-zones'
import { currentAccount } from '@/lib/access/auth'
import { listProjects } from '@/lib/access/projects/contract'
import { findProjects } from '@/lib/access/projects/service'
import { timeZonesOf } from '@/lib/access/projects/time-zones'
import { env } from '@/lib/env'
import { queryKey } from '@/lib/http/client'
import type { OutputOf } from '@/lib/http/endpoint'
import { prefetch } from '@/lib/http/prefetch'
import { listFiringAlerts } from '@/lib/recovery/alerts/contract'
import { readFiringAlerts } from '@/lib/recovery/alerts/service'

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const account = await currentAccount()
  if (!account) {
    const path = (await headers()).get('x-path') ?? '/overview'
    redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`)
  }
  const client = new QueryClient()
  await Promise.all([
    prefetch(client, listProjects, findProjects, {}),
    prefetch(client, listFiringAlerts, readFiringAlerts, {}),
  ])
  const known = client.getQueryData<OutputOf<typeof listProjects>>(queryKey(listProjects, {}))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <TimeZones zones={timeZonesOf(known?.projects ?? [])} />
      <TrackerScript writeKey={env().HOLDFAST_OWN_KEY} accountId={account.id} />
      <Shell account={{ email: account.email, role: account.role }}>{children}</Shell>
    </HydrationBoundary>
  )
}
