import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { SearchParams } from 'nuqs/server'
import { surveysInput } from '@/components/analytics/surveys/inputs'
import { SurveysPanel } from '@/components/analytics/surveys-panel'
import { listSurveys } from '@/lib/analytics/surveys/contract'
import { findSurveys } from '@/lib/analytics/surveys/service'
import { prefetch } from '@/lib/http/prefetch'
import { loadSearch } from './search-params'

export const metadata: Metadata = { title: 'Surveys' }

export default async function SurveysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { project } = await loadSearch(searchParams)
  const client = new QueryClient()
  await prefetch(client, listSurveys, findSurveys, surveysInput(project))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SurveysPanel />
    </HydrationBoundary>
  )
}
