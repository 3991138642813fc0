'use client'

import { useQueryState } from 'nuqs'
import { BreakdownSelect, dimensionLabel } from '@/components/analytics/breakdown-select'
import type { FilterField } from '@/components/analytics/search-params'
import { valueColumn, valueKey } from '@/components/analytics/shared/value-column'
import { useFilters } from '@/components/analytics/use-filters'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import { satisfactionParsers } from './search-params'
import { type Metrics, surveyWords } from './surveys'

const fields: FilterField[] = ['device', 'browser', 'os', 'question']

/** The score by the values of one field, property or key of the context. */
export function ScoreTable({ metrics }: { metrics: Metrics }) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    satisfactionParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  const { survey, contextKeys } = metrics
  const rows = metrics.breakdown ?? []
  const words = surveyWords[survey]
  const label = dimensionLabel(breakdown)
  return (
    <Panel
      title="Breakdown"
      definition={definitions.breakdown}
      csv={`${survey}-by-${breakdown}`}
      tools={
        <BreakdownSelect
          value={breakdown}
          onChange={setBreakdown}
          fields={fields}
          contextKeys={contextKeys}
        />
      }
      table={{
        caption: `${words.label} by ${label}`,
        columns: [
          valueColumn({
            of: label,
            rows,
            size: (row) => row.responses,
            onPick: (value) => setFilter(breakdown, value),
          }),
          { title: 'Responses', right: true, value: (row) => row.responses },
          {
            title: words.label,
            right: true,
            value: (row) => row.score,
            show: (row) => words.format(row.score),
          },
          {
            title: 'Average',
            right: true,
            value: (row) => row.average,
            show: (row) => row.average?.toFixed(2),
          },
        ],
        rows,
        rowKey: valueKey,
        empty: 'No responses in this range',
        maxHeight: 330,
      }}
    />
  )
}
