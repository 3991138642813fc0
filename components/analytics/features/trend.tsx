'use client'

import type { ReactNode } from 'react'
import { IntervalControl } from '@/components/analytics/interval-control'
import { TrendChart } from '@/components/charts/trend-chart'
import { formatStart } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { FeatureStats } from './table'

interface FeatureTrendProps {
  stats: FeatureStats
  feature: FeatureStats['features'][number]
  metric: 'users' | 'records'
  tools: ReactNode
}

/** Users or records of a feature over time. */
export function FeatureTrend({ stats, feature, metric, tools }: FeatureTrendProps) {
  const { timezone, interval, to, asOf } = stats
  const rows = feature.series.map((point) => ({
    ...point,
    label: formatStart(point.at, timezone, interval),
    title: formatStart(point.at, timezone, interval, true),
    value: point[metric],
  }))
  const name = metric === 'users' ? 'Users' : 'Records'
  return (
    <Panel
      title={`${name} over time`}
      definition={definitions.trend}
      csv={`${feature.name}-by-${interval}`}
      tools={
        <>
          {tools}
          <IntervalControl used={interval} />
        </>
      }
      table={{
        caption: `${feature.name} by ${interval}`,
        columns: [
          { title: `Start (${timezone})`, value: (row) => row.at, show: (row) => row.title },
          { title: 'Users', right: true, value: (row) => row.users },
          { title: 'Records', right: true, value: (row) => row.records },
        ],
        rows,
        rowKey: (row) => row.at,
      }}
    >
      <TrendChart
        name={name}
        points={rows}
        height={240}
        partial={rows.length > 1 && Date.parse(to) >= Date.parse(asOf) - 1000}
      />
    </Panel>
  )
}
