'use client'

import { IntervalControl } from '@/components/analytics/interval-control'
import { TrendChart } from '@/components/charts/trend-chart'
import type { Column } from '@/components/ui/data-table'
import { formatStart } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import { type Metrics, surveyWords } from './surveys'

/** The score over time, with the time before. */
export function ScoreTrend({ metrics }: { metrics: Metrics }) {
  const { survey, series, previous, interval, timezone, to, asOf } = metrics
  const words = surveyWords[survey]
  const rows = series.map((point, index) => ({
    at: point.at,
    label: formatStart(point.at, timezone, interval),
    title: formatStart(point.at, timezone, interval, true),
    responses: point.responses,
    value: point.score,
    before: previous ? (previous.series[index]?.score ?? null) : undefined,
  }))
  const columns: Column<(typeof rows)[number]>[] = [
    { title: `Start (${timezone})`, value: (row) => row.at, show: (row) => row.title },
    { title: words.label, right: true, value: (row) => row.value, show: (row) => words.format(row.value) },
    { title: 'Responses', right: true, value: (row) => row.responses },
  ]
  if (previous) {
    columns.push({
      title: 'The time before',
      right: true,
      value: (row) => row.before,
      show: (row) => words.format(row.before ?? null),
    })
  }
  return (
    <Panel
      title={`${words.label} over time`}
      definition={definitions.trend}
      tools={<IntervalControl used={interval} />}
      csv={`${survey}-by-${interval}`}
      table={{ caption: `${words.label} by ${interval}`, columns, rows, rowKey: (row) => row.at }}
    >
      <TrendChart
        name={words.label}
        points={rows}
        height={220}
        partial={series.length > 1 && Date.parse(to) >= Date.parse(asOf) - 1000}
        axis={{ ticks: words.ticks, format: (value) => words.format(value).replace(/\.0+(?=%|$)/, '') }}
      />
    </Panel>
  )
}
