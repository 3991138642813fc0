'use client'

import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { formatNumber, formatShare } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import { getRetention, type Retention } from '@/lib/analytics/retention/contract'
import { query } from '@/lib/http/client'
import { FilterBar } from './filter-bar'
import { FirstEvent } from './first-event'
import { keepWhileLoading } from './keep-while-loading'
import { CohortControl } from './retention/cohort-control'
import { CohortMap } from './retention/cohort-map'
import { RetentionCurve } from './retention/curve'
import { definitions } from './retention/definitions'
import { retentionInput } from './retention/inputs'
import { ReturnEvent } from './retention/return-event'
import { retentionFields, retentionParsers } from './retention/search-params'

/** The intervals after the first that stand as cards. */
const shown = { hour: [1, 2, 4], day: [1, 7, 14], week: [1, 2, 4], month: [1, 2, 3] }

/** Whether new users come back: by the interval in which they began, and on average. */
export function RetentionPanel() {
  const [search, setSearch] = useQueryStates(retentionParsers, { history: 'push' })
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getRetention, retentionInput(search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <PageHeader title="Retention">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <CohortControl value={search.interval} onChange={(interval) => setSearch({ interval })} />
        <RangePicker />
      </PageHeader>
      <Rows>
        <FilterBar fields={retentionFields}>
          <ReturnEvent />
        </FilterBar>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && (
          <Rows busy={isPlaceholderData}>
            <Body data={data} />
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
      </Rows>
    </>
  )
}

function Body({ data }: { data: Retention }) {
  const { cohorts, average, interval } = data
  const users = cohorts.reduce((sum, cohort) => sum + cohort.users, 0)
  if (users === 0) return <FirstEvent />
  return (
    <>
      <StatRow>
        <StatCard label="New users" definition={definitions.users} value={users} format={formatNumber} />
        {shown[interval].map((index) => (
          <StatCard
            key={index}
            label={`Back in ${interval} ${index}`}
            definition={definitions.returned}
            value={average[index]?.rate ?? null}
            format={formatShare}
          />
        ))}
      </StatRow>
      <CohortMap retention={data} definition={definitions.cohorts} csv={`cohorts-by-${interval}`} />
      <RetentionCurve retention={data} />
    </>
  )
}
