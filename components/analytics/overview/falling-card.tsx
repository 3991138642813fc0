'use client'

import { Anchor, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { featurePath, withSearch } from '@/components/analytics/features/search-params'
import type { FeatureStats } from '@/components/analytics/features/table'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { rangeParsers } from '@/components/analytics/search-params'
import { formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { formatPoints, PointChange } from '@/components/ui/point-change'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { query } from '@/lib/http/client'
import { definitions } from './definitions'
import { fallingInput } from './inputs'

const ROWS = 5
const WEEK = { from: '-7d', to: null }

/** Features by how far their success fell, the worst first: a bad release shows here. */
export function FallingCard() {
  const [search] = useQueryStates(rangeParsers)
  const { data, error, refetch } = useQuery({
    ...query(getFeatureStats, fallingInput(search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={260} radius="lg" />
  const to = (path: string) => withSearch(path, { project: search.project, ...WEEK })
  return (
    <Panel
      title="Success, last 7 days"
      definition={definitions.falling}
      csv="feature-success"
      tools={
        <Anchor component={Link} href={to('/features')} size="sm" mr={4}>
          All features
        </Anchor>
      }
      table={{
        caption: 'Success of features in the last 7 days',
        columns: [
          {
            title: 'Feature',
            wide: true,
            value: (row) => row.name,
            show: (row) => (
              <Anchor component={Link} href={to(featurePath(row.name))} fz="sm" prefetch={false}>
                {row.name}
              </Anchor>
            ),
          },
          {
            title: 'Success',
            right: true,
            value: (row) => row.now,
            show: (row) => formatShare(row.now),
          },
          {
            title: 'Change',
            right: true,
            value: (row) => row.change,
            show: (row) => <PointChange value={row.now} before={row.before} format={formatPoints} />,
          },
        ],
        rows: rowsOf(data),
        rowKey: (row) => row.name,
        empty: 'No feature was used in the last 7 days',
      }}
    />
  )
}

/** The features that say whether they worked; the deepest fall first, then those without a time before, worst first. */
function rowsOf({ features, previous }: FeatureStats) {
  const before = new Map(previous?.features.map(({ name, successRate }) => [name, successRate]))
  return features
    .flatMap(({ name, successRate: now }) => {
      if (now === null) return []
      const was = before.get(name) ?? null
      return [{ name, now, before: was, change: was === null ? null : now - was }]
    })
    .sort((a, b) => (a.change ?? 0) - (b.change ?? 0) || a.now - b.now)
    .slice(0, ROWS)
}
