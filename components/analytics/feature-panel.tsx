'use client'

import { Anchor, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { Columns, Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { query } from '@/lib/http/client'
import { CompareSwitch } from './compare-switch'
import { FeatureBreakdown } from './features/breakdown'
import { FeatureErrors } from './features/errors'
import { FirstUse } from './features/first-use'
import { featureInput } from './features/inputs'
import { FeatureRetention } from './features/retention'
import { featureFields, featureParsers, withSearch } from './features/search-params'
import type { FeatureStats } from './features/table'
import { FeatureTotals } from './features/totals'
import { FeatureTrend } from './features/trend'
import { FilterBar } from './filter-bar'
import { keepWhileLoading } from './keep-while-loading'

/** One feature: how much it is used, how well it works, for whom, and whether they come back to it. */
export function FeaturePanel({ name }: { name: string }) {
  const [search] = useQueryStates(featureParsers)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getFeatureStats, featureInput(name, search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <Anchor component={Link} href={withSearch('/features', search)} size="sm">
        ← Features
      </Anchor>
      <PageHeader title={name}>
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
            <Body name={name} data={data} />
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
        {(data || !error) && <FeatureRetention name={name} />}
      </Rows>
    </>
  )
}

function Body({ name, data }: { name: string; data: FeatureStats }) {
  const [metric, setMetric] = useState<'users' | 'records'>('users')
  const feature = data.features.find((one) => one.name === name)
  if (!feature) return <FirstUse feature={name} />
  return (
    <>
      <FeatureTotals feature={feature} previous={data.previous?.features.find((one) => one.name === name)} />
      <FeatureTrend
        stats={data}
        feature={feature}
        metric={metric}
        tools={
          <SegmentedControl
            size="xs"
            aria-label="What is counted"
            value={metric}
            onChange={(value) => setMetric(value as typeof metric)}
            data={[
              { value: 'users', label: 'Users' },
              { value: 'records', label: 'Records' },
            ]}
          />
        }
      />
      <Columns of="two">
        <FeatureErrors feature={feature} />
        <FeatureBreakdown stats={data} />
      </Columns>
    </>
  )
}
