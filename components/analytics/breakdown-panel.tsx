'use client'

import { useQueryState } from 'nuqs'
import { BreakdownSelect, dimensionLabel } from './breakdown-select'
import { CountTable } from './count-table'
import { definitions } from './definitions'
import { eventParsers, type FilterField } from './search-params'
import type { Analytics } from './totals'
import { useFilters } from './use-filters'

const fields: FilterField[] = ['page', 'device', 'browser', 'os', 'type', 'name', 'category']

/** Events by the values of one field or property. */
export function BreakdownPanel({ analytics }: { analytics: Analytics }) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    eventParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  return (
    <CountTable
      title="Breakdown"
      definition={definitions.breakdown}
      of={dimensionLabel(breakdown)}
      rows={analytics.breakdown ?? []}
      total={analytics.totals.events}
      csv={`events-by-${breakdown}`}
      onPick={(value) => setFilter(breakdown, value)}
      tools={<BreakdownSelect value={breakdown} onChange={setBreakdown} fields={fields} />}
    />
  )
}
