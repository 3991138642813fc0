'use client'

import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { formatNumber } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatCard, StatRow } from '@/components/ui/stat-card'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { query } from '@/lib/http/client'
import { CompareSwitch } from './compare-switch'
import { definitions } from './features/definitions'
import { FirstUse } from './features/first-use'
import { featuresInput } from './features/inputs'
import {
  columns,
  featureFields,
  featureListParsers,
  featurePath,
  type SortColumn,
  withSearch,
} from './features/search-params'
import { columnsFor, type FeatureStats, rowsOf, sortRows } from './features/table'
import { FilterBar } from './filter-bar'
import { keepWhileLoading } from './keep-while-loading'

/** Which features are used, by how many, and how well they work. */
export function FeaturesPanel() {
  const [search] = useQueryStates(featureListParsers)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getFeatureStats, featuresInput(search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <PageHeader title="Features">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <RangePicker />
      </PageHeader>
      <Rows>
        <FilterBar fields={featureFields}>
          <CompareSwitch />
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

type Counted = Pick<FeatureStats['features'][number], 'opened' | 'used' | 'completed'>
const sum = (features: Counted[] | undefined, key: keyof Counted): number | undefined =>
  features?.reduce((total, feature) => total + feature[key], 0)

function Body({ data }: { data: FeatureStats }) {
  const { features, previous } = data
  return (
    <>
      <StatRow>
        <StatCard
          label="Active users"
          definition={definitions.activeUsers}
          value={data.activeUsers}
          before={previous?.activeUsers}
          format={formatNumber}
        />
        <StatCard
          label="Features in use"
          definition={definitions.features}
          value={features.length}
          before={previous?.features.length}
          format={formatNumber}
        />
        <StatCard
          label="Opened"
          definition={definitions.opened}
          value={sum(features, 'opened') ?? 0}
          before={sum(previous?.features, 'opened')}
          format={formatNumber}
        />
        <StatCard
          label="Used"
          definition={definitions.used}
          value={sum(features, 'used') ?? 0}
          before={sum(previous?.features, 'used')}
          format={formatNumber}
        />
        <StatCard
          label="Completed"
          definition={definitions.completed}
          value={sum(features, 'completed') ?? 0}
          before={sum(previous?.features, 'completed')}
          format={formatNumber}
        />
      </StatRow>
      {features.length === 0 ? <FirstUse /> : <Adoption data={data} />}
    </>
  )
}

function Adoption({ data }: { data: FeatureStats }) {
  const [search, setSearch] = useQueryStates(featureListParsers, { history: 'replace', scroll: false })
  const { sort, order } = search
  const sortBy = (by: string) => {
    const column = columns.find((one) => one === by) as SortColumn
    const first = column === 'name' ? 'up' : 'down'
    setSearch({ sort: column, order: sort !== column ? first : order === 'up' ? 'down' : 'up' })
  }
  return (
    <Panel
      title="Adoption"
      definition={definitions.table}
      csv="features"
      table={{
        caption: 'Features',
        columns: columnsFor((name) => withSearch(featurePath(name), search), data.previous),
        rows: sortRows(rowsOf(data), sort, order === 'up'),
        rowKey: (row) => row.name,
        sort: { by: sort, up: order === 'up' },
        onSort: sortBy,
      }}
    />
  )
}
