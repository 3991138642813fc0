'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { CohortControl } from '@/components/analytics/retention/cohort-control'
import { CohortMap } from '@/components/analytics/retention/cohort-map'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getFeatureRetention } from '@/lib/analytics/features/contract'
import { query } from '@/lib/http/client'
import { definitions } from './definitions'
import { featureRetentionInput } from './inputs'
import { featureParsers } from './search-params'

/** Whether those who began to use a feature came back to it. */
export function FeatureRetention({ name }: { name: string }) {
  const [search, setSearch] = useQueryStates(featureParsers, { history: 'push', scroll: false })
  const { data, error, refetch, isFetching } = useQuery({
    ...query(getFeatureRetention, featureRetentionInput(name, search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
  if (!data) return <Skeleton h={300} radius="lg" />
  return (
    <CohortMap
      retention={data}
      definition={definitions.retention}
      csv={`${name}-retention`}
      tools={<CohortControl value={search.cohorts} onChange={(cohorts) => setSearch({ cohorts })} />}
    />
  )
}
