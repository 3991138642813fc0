'use client'

import { TrendChart } from '@/components/charts/trend-chart'
import { formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import type { Retention } from '@/lib/analytics/retention/contract'
import { definitions } from './definitions'

const words = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' }

/** The average over the cohorts as a curve. */
export function RetentionCurve({ retention: { average, interval } }: { retention: Retention }) {
  const rows = average.map(({ users, rate }, index) => ({
    label: `${words[interval]} ${index}`,
    title: `${words[interval]} ${index}`,
    value: rate,
    users,
  }))
  return (
    <Panel
      title="Average"
      definition={definitions.curve}
      csv={`retention-by-${interval}`}
      table={{
        caption: `Average retention by ${interval}`,
        columns: [
          { title: 'Interval', value: (row) => row.title },
          { title: 'Users', right: true, value: (row) => row.users },
          {
            title: 'Came back',
            right: true,
            value: (row) => row.value,
            show: (row) => formatShare(row.value),
          },
        ],
        rows,
        rowKey: (row) => row.title,
      }}
    >
      <TrendChart
        name="Came back"
        points={rows}
        height={220}
        axis={{ ticks: [0, 0.25, 0.5, 0.75, 1], format: (value) => formatShare(value).replace(/\.0%$/, '%') }}
      />
    </Panel>
  )
}
