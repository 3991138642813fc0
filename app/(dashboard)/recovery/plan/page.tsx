import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { PageHeader } from '@/components/layout/page-header'
import classes from '@/components/recovery/plan/plan.module.css'
import { PlanContents, PlanText } from '@/components/recovery/plan/plan-text'
import { PrintButton } from '@/components/recovery/plan/print-button'
import { PlanPanel } from '@/components/recovery/plan-panel'
import { prefetch } from '@/lib/http/prefetch'
import { getBackupHealth } from '@/lib/recovery/backups/contract'
import { checkBackups } from '@/lib/recovery/backups/service'
import { listOperations } from '@/lib/recovery/operations/contract'
import { readOperations } from '@/lib/recovery/operations/service'
import { readPlan } from '@/lib/recovery/plan/service'

export const metadata: Metadata = { title: 'Plan' }

export default async function PlanPage() {
  const client = new QueryClient()
  const [{ title, text, contents }] = await Promise.all([
    readPlan(),
    prefetch(client, getBackupHealth, checkBackups, {}),
    prefetch(client, listOperations, readOperations, {}),
  ])
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageHeader title={title} lead="What to do when it happens, and what is measured now.">
        <PrintButton />
      </PageHeader>
      <PlanPanel />
      <div className={classes.page}>
        <PlanContents contents={contents} />
        <PlanText text={text} contents={contents} />
      </div>
    </HydrationBoundary>
  )
}
