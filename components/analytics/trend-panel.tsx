'use client'

import type { ReactNode } from 'react'
import { TrendChart, type TrendPoint } from '@/components/charts/trend-chart'
import type { Column } from '@/components/ui/data-table'
import { formatStart } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { Analytics } from './totals'

interface TrendPanelProps {
  analytics: Analytics
  metric: 'events' | 'users'
  title: string
  height?: number
  tools?: ReactNode
}

interface Row extends TrendPoint {
  at: string
}

/** Events or users over time, with the time before. */
export function TrendPanel({ analytics, metric, title, height, tools }: TrendPanelProps) {
  const rows = rowsOf(analytics, metric)
  const name = metric === 'events' ? 'Events' : 'Users'
  const columns: Column<Row>[] = [
    { title: `Start (${analytics.timezone})`, value: (row) => row.at, show: (row) => row.title },
    { title: name, value: (row) => row.value, right: true },
  ]
  if (analytics.previous) columns.push({ title: 'The time before', value: (row) => row.before, right: true })
  return (
    <Panel
      title={title}
      definition={metric === 'events' ? definitions.eventsTrend : definitions.usersTrend}
      tools={tools}
      csv={`${metric}-by-${analytics.interval}`}
      table={{ caption: `${name} by ${analytics.interval}`, columns, rows, rowKey: (row) => row.at }}
    >
      <TrendChart name={name} points={rows} height={height} partial={isPartial(analytics)} />
    </Panel>
  )
}

function rowsOf({ series, previous, timezone, interval }: Analytics, metric: 'events' | 'users'): Row[] {
  // Both ranges are as long, but one may touch an interval more than the other: they are matched from the start.
  return series.map((point, index) => ({
    at: point.at,
    label: formatStart(point.at, timezone, interval),
    title: formatStart(point.at, timezone, interval, true),
    value: point[metric],
    before: previous ? (previous.series[index]?.[metric] ?? null) : undefined,
  }))
}

/** Whether the range ends now or later, so that the last interval still goes on. */
function isPartial({ series, to, asOf }: Analytics): boolean {
  return series.length > 1 && Date.parse(to) >= Date.parse(asOf) - 1000
}
