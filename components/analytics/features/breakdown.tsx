'use client'

import { useQueryState } from 'nuqs'
import { BreakdownSelect, dimensionLabel } from '@/components/analytics/breakdown-select'
import type { FilterField } from '@/components/analytics/search-params'
import { valueColumn, valueKey } from '@/components/analytics/shared/value-column'
import { useFilters } from '@/components/analytics/use-filters'
import { formatDuration, formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import { featureParsers } from './search-params'
import type { FeatureStats } from './table'

const fields: FilterField[] = ['device', 'browser', 'os', 'category', 'action']

/** A feature's numbers by the values of one field or property. */
export function FeatureBreakdown({ stats }: { stats: FeatureStats }) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    featureParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  const rows = stats.breakdown ?? []
  const label = dimensionLabel(breakdown)
  return (
    <Panel
      title="Breakdown"
      definition={definitions.breakdown}
      csv={`feature-by-${breakdown}`}
      tools={<BreakdownSelect value={breakdown} onChange={setBreakdown} fields={fields} />}
      table={{
        caption: `Breakdown by ${label}`,
        columns: [
          valueColumn({
            of: label,
            rows,
            size: (row) => row.users,
            onPick: (value) => setFilter(breakdown, value),
          }),
          { title: 'Users', right: true, value: (row) => row.users },
          { title: 'Used', right: true, minor: true, value: (row) => row.used },
          { title: 'Completed', right: true, minor: true, value: (row) => row.completed },
          {
            title: 'Success',
            right: true,
            value: (row) => row.successRate,
            show: (row) => formatShare(row.successRate),
          },
          {
            title: 'p50',
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
        ],
        rows,
        rowKey: valueKey,
        empty: 'No records in this range',
        maxHeight: 430,
      }}
    />
  )
}
