'use client'

import { useQueryState } from 'nuqs'
import { BreakdownSelect, dimensionLabel, runDimensions } from '@/components/analytics/breakdown-select'
import { valueColumn, valueKey } from '@/components/analytics/shared/value-column'
import { useFilters } from '@/components/analytics/use-filters'
import { ShareBar } from '@/components/charts/share-bar'
import type { Column } from '@/components/ui/data-table'
import { formatDuration } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { JourneyAnalytics } from './journey-totals'
import { journeyParsers } from './search-params'

type Group = NonNullable<JourneyAnalytics['breakdown']>[number]

/** Runs and their completion by the values of one dimension. */
export function JourneyBreakdown({
  journeys,
  completes,
}: {
  journeys: JourneyAnalytics
  completes: boolean
}) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    journeyParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  const of = dimensionLabel(breakdown)
  const rows = journeys.breakdown ?? []
  const columns: Column<Group>[] = [
    valueColumn({ of, rows, size: (row) => row.started, onPick: (value) => setFilter(breakdown, value) }),
    { title: 'Started', right: true, value: (row) => row.started },
    ...(completes ? completion : []),
  ]
  return (
    <Panel
      title="Breakdown"
      definition={definitions.breakdown}
      csv={`journeys-by-${breakdown}`}
      tools={<BreakdownSelect fields={runDimensions} value={breakdown} onChange={setBreakdown} />}
      table={{
        caption: `Journeys by ${of.toLowerCase()}`,
        columns,
        rows,
        rowKey: valueKey,
        empty: 'No runs in this range',
      }}
    />
  )
}

const completion: Column<Group>[] = [
  { title: 'Completed', right: true, minor: true, value: (row) => row.completed },
  {
    title: 'Completion',
    right: true,
    value: (row) => row.completionRate,
    show: (row) => <ShareBar share={row.completionRate} />,
  },
  {
    title: 'Duration p50',
    right: true,
    minor: true,
    value: (row) => row.durationMs.p50,
    show: (row) => formatDuration(row.durationMs.p50),
  },
  {
    title: 'p90',
    right: true,
    minor: true,
    value: (row) => row.durationMs.p90,
    show: (row) => formatDuration(row.durationMs.p90),
  },
]
