'use client'

import { Select } from '@mantine/core'
import { useQueryState } from 'nuqs'
import { CountTable } from './count-table'
import { definitions } from './definitions'
import { eventParsers } from './search-params'
import type { Analytics } from './totals'
import { useFilters } from './use-filters'
import { usePropertyKeys } from './use-property-keys'

const fields = [
  { value: 'page', label: 'Page' },
  { value: 'device', label: 'Device' },
  { value: 'browser', label: 'Browser' },
  { value: 'os', label: 'OS' },
  { value: 'type', label: 'Type' },
  { value: 'name', label: 'Name' },
  { value: 'category', label: 'Category' },
]

/** Events by the values of one field or property. */
export function BreakdownPanel({ analytics }: { analytics: Analytics }) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    eventParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  const keys = usePropertyKeys()
  const current = breakdown.startsWith('property.') ? breakdown.slice('property.'.length) : null
  const properties = current === null || keys.includes(current) ? keys : [current, ...keys]
  const label = current ?? fields.find((field) => field.value === breakdown)?.label ?? breakdown
  return (
    <CountTable
      title="Breakdown"
      definition={definitions.breakdown}
      of={label}
      rows={analytics.breakdown ?? []}
      total={analytics.totals.events}
      csv={`events-by-${breakdown}`}
      onPick={(row) => setFilter(breakdown, row.value)}
      tools={
        <Select
          size="xs"
          w={150}
          aria-label="Break down by"
          searchable
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          value={breakdown}
          onChange={(value) => value && setBreakdown(value)}
          data={[
            { group: 'Fields', items: fields },
            {
              group: 'Properties',
              items: properties.map((key) => ({ value: `property.${key}`, label: key })),
            },
          ]}
        />
      }
    />
  )
}
