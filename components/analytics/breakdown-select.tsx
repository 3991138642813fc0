'use client'

import { Select } from '@mantine/core'
import { prefixes } from './inputs'
import type { FilterField } from './search-params'
import { filterLabels } from './use-filters'
import { usePropertyKeys } from './use-property-keys'

interface BreakdownSelectProps {
  value: string
  onChange: (value: string) => void
  fields: readonly FilterField[]
  contextKeys?: readonly string[]
}

/** What runs of funnels and journeys are divided by, besides properties. */
export const runDimensions: FilterField[] = ['device', 'browser', 'os']

const nested = Object.values(prefixes)

/** What a dimension is called: a field's label, or the key of a property or context. */
export function dimensionLabel(value: string): string {
  const prefix = nested.find((one) => value.startsWith(one))
  return prefix ? value.slice(prefix.length) : (filterLabels[value as FilterField] ?? value)
}

/** Chooses the field, property or key of contexts that a table is broken down by. */
export function BreakdownSelect({ value, onChange, fields, contextKeys = [] }: BreakdownSelectProps) {
  const keys = usePropertyKeys()
  return (
    <Select
      size="xs"
      w={150}
      aria-label="Break down by"
      searchable
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      value={value}
      onChange={(chosen) => chosen && onChange(chosen)}
      data={[
        { group: 'Fields', items: fields.map((field) => ({ value: field, label: filterLabels[field] })) },
        { group: 'Context', items: itemsOf(prefixes.context, contextKeys, value) },
        { group: 'Properties', items: itemsOf(prefixes.properties, keys, value) },
      ].filter(({ items }) => items.length > 0)}
    />
  )
}

/** The keys as choices; the chosen one is among them even if it is no longer recorded. */
function itemsOf(prefix: string, keys: readonly string[], chosen: string) {
  const values = keys.map((key) => prefix + key)
  const all = chosen.startsWith(prefix) && !values.includes(chosen) ? [chosen, ...values] : values
  return all.map((value) => ({ value, label: value.slice(prefix.length) }))
}
