'use client'

import type { ReactNode } from 'react'
import { HeatLegend, HeatMap, type HeatRow } from '@/components/charts/heat-map'
import type { Column } from '@/components/ui/data-table'
import { formatNumber, formatShare, formatStart } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import type { Retention } from '@/lib/analytics/retention/contract'

interface CohortMapProps {
  retention: Retention
  definition: string
  csv: string
  tools?: ReactNode
}

type Cohort = Retention['cohorts'][number]

const words = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' }

/** Cohorts as the rows of a heat map, the intervals since their first as its columns, with the average on top. */
export function CohortMap({ retention, definition, csv, tools }: CohortMapProps) {
  const { cohorts, interval, timezone } = retention
  const word = words[interval]
  const length = Math.max(0, ...cohorts.map(({ returned }) => returned.length))
  const titles = Array.from({ length }, (_, index) => `${word} ${index}`)
  const nameOf = (at: string) => formatStart(at, timezone, interval, true).replace('Week of ', '')
  const columns: Column<Cohort>[] = [
    {
      title: `First ${interval} (${timezone})`,
      value: (row) => row.at,
      show: (row) => nameOf(row.at),
      nowrap: true,
    },
    { title: 'Users', right: true, value: (row) => row.users },
    ...titles.map(
      (title, index): Column<Cohort> => ({
        title,
        right: true,
        value: (row) => row.returned[index]?.rate,
        show: (row) => {
          const cell = row.returned[index]
          return cell ? `${formatShare(cell.rate)}${cell.complete ? '' : ' so far'}` : ''
        },
      }),
    ),
  ]
  return (
    <Panel
      title="Cohorts"
      definition={definition}
      csv={csv}
      tools={tools}
      table={{
        caption: `Cohorts by ${interval}`,
        columns,
        rows: cohorts,
        rowKey: (row) => row.at,
        empty: 'No cohorts in this range',
      }}
    >
      <HeatMap
        label={`Part of each cohort that came back, by ${interval} since its first`}
        head={[`First ${interval}`, 'Users', ...titles]}
        rows={[
          averageRow(retention, length),
          ...cohorts.map((cohort) => rowOf(cohort, nameOf(cohort.at), word)),
        ]}
      />
      <HeatLegend />
    </Panel>
  )
}

function rowOf({ users, returned }: Cohort, label: string, word: string): HeatRow {
  return {
    label,
    users,
    cells: returned.map((cell, index) => ({
      rate: cell.rate,
      partial: !cell.complete,
      title: `${label}, ${word.toLowerCase()} ${index}: ${formatNumber(cell.users)} of ${formatNumber(users)} users${cell.complete ? '' : ', so far'}`,
    })),
  }
}

function averageRow({ cohorts, average }: Retention, length: number): HeatRow {
  return {
    label: 'Average',
    strong: true,
    users: cohorts.reduce((sum, { users }) => sum + users, 0),
    cells: average.slice(0, length).map(({ rate, users }) => ({
      rate,
      title: `${formatShare(rate)} of ${formatNumber(users)} users`,
    })),
  }
}
