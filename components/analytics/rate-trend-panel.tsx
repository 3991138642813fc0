'use client'

import { SegmentedControl } from '@mantine/core'
import { useQueryState } from 'nuqs'
import { TrendChart, type TrendPoint } from '@/components/charts/trend-chart'
import type { Column } from '@/components/ui/data-table'
import { formatNumber, formatShare, formatStart } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { IntervalControl } from './interval-control'
import { runMetrics, runParsers } from './run-parsers'

type Metric = (typeof runMetrics)[number]

/** How many runs began in an interval, and how many of them were completed, whenever that was. */
export interface RatePoint {
  at: string
  began: number
  completed: number
  rate: number | null
}

interface RateTrendPanelProps {
  title: string
  definition: string
  /** The words for what is counted. */
  names: Record<Metric, string>
  series: RatePoint[]
  previous?: RatePoint[]
  coverage: { interval: 'hour' | 'day' | 'week' | 'month'; timezone: string; to: string; asOf: string }
  csv: string
  /** What can be shown, if not everything. */
  metrics?: readonly Metric[]
}

interface Row extends RatePoint {
  title: string
  before?: RatePoint
}

/** The share of runs that were completed over time, or their numbers, with the time before. */
export function RateTrendPanel(props: RateTrendPanelProps) {
  const { title, definition, names, series, previous, coverage, csv, metrics = runMetrics } = props
  const { interval, timezone, to, asOf } = coverage
  const [wanted, setMetric] = useQueryState('metric', runParsers.metric.withOptions({ history: 'push' }))
  const metric = metrics.find((one) => one === wanted) ?? metrics[0] ?? 'began'
  // Both ranges are as long, but one may touch an interval more than the other: they are matched from the start.
  const rows: Row[] = series.map((point, index) => ({
    ...point,
    title: formatStart(point.at, timezone, interval, true),
    before: previous?.[index],
  }))
  const points: TrendPoint[] = rows.map((row) => ({
    label: formatStart(row.at, timezone, interval),
    title: row.title,
    value: row[metric],
    before: previous ? (row.before?.[metric] ?? null) : undefined,
  }))
  return (
    <Panel
      title={title}
      definition={definition}
      csv={csv}
      table={{
        caption: title,
        columns: columnsFor(names, timezone, previous !== undefined),
        rows,
        rowKey: (row) => row.at,
      }}
      tools={
        <>
          {metrics.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label="What is shown"
              value={metric}
              onChange={(value) => setMetric(value as Metric)}
              data={metrics.map((value) => ({ value, label: names[value] }))}
            />
          )}
          <IntervalControl used={interval} />
        </>
      }
    >
      <TrendChart
        name={names[metric]}
        points={points}
        height={240}
        partial={points.length > 1 && Date.parse(to) >= Date.parse(asOf) - 1000}
        axis={metric === 'rate' ? { ticks: rateTicks(points), format: formatPercent } : undefined}
      />
    </Panel>
  )
}

function columnsFor(names: Record<Metric, string>, timezone: string, compared: boolean): Column<Row>[] {
  const columns: Column<Row>[] = [
    { title: `Start (${timezone})`, value: (row) => row.at, show: (row) => row.title, nowrap: true },
    { title: names.began, right: true, value: (row) => row.began },
    { title: names.completed, right: true, value: (row) => row.completed },
    { title: names.rate, right: true, value: (row) => row.rate, show: (row) => formatShare(row.rate) },
  ]
  if (!compared) return columns
  return [
    ...columns,
    { title: `${names.began} before`, right: true, value: (row) => row.before?.began },
    { title: `${names.completed} before`, right: true, value: (row) => row.before?.completed },
    {
      title: `${names.rate} before`,
      right: true,
      value: (row) => row.before?.rate,
      show: (row) => formatShare(row.before?.rate ?? null),
    },
  ]
}

/** Per cent without figures that say nothing: 25%, 2.5%. */
const formatPercent = (fraction: number): string => `${formatNumber(Math.round(fraction * 1000) / 10)}%`

/** From nothing to at least the highest rate, in at most five steps. */
function rateTicks(points: TrendPoint[]): number[] {
  const highest = Math.max(0.01, ...points.flatMap(({ value, before }) => [value ?? 0, before ?? 0]))
  const step = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25].find((one) => one * 5 >= highest) ?? 0.25
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) => index * step)
}
