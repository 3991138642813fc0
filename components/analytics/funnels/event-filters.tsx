'use client'

import { CloseButton } from '@mantine/core'
import { AddFilter } from '@/components/analytics/add-filter'
import type { FilterField } from '@/components/analytics/search-params'
import { filterLabels } from '@/components/analytics/use-filters'
import classes from './builder.module.css'

/** The fields that a step can ask for, besides properties. */
const fields: FilterField[] = ['page', 'type', 'category', 'device', 'browser', 'os']

interface EventFiltersProps {
  label: string
  filters: Record<string, string>
  onChange: (filters: Record<string, string>) => void
}

/** What an event must have to count for a step. */
export function EventFilters({ label, filters, onChange }: EventFiltersProps) {
  const without = (field: string) =>
    Object.fromEntries(Object.entries(filters).filter(([key]) => key !== field))
  return (
    <fieldset className={classes.filters} aria-label={`Filters of ${label.toLowerCase()}`}>
      {Object.entries(filters).map(([field, value]) => (
        <span key={field} className={classes.chip}>
          {nameOf(field)} is <b title={value}>{value}</b>
          <CloseButton
            size="xs"
            aria-label={`Remove from ${label.toLowerCase()}: ${nameOf(field)} is ${value}`}
            onClick={() => onChange(without(field))}
          />
        </span>
      ))}
      <AddFilter
        fields={fields}
        properties
        contextKeys={[]}
        onAdd={(field, value) => onChange({ ...filters, [field]: value })}
      />
    </fieldset>
  )
}

const nameOf = (field: string): string =>
  field.startsWith('property.') ? field.slice('property.'.length) : filterLabels[field as FilterField]
