'use client'

import { Button, CloseButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { AddFilter } from './add-filter'
import classes from './filter-bar.module.css'
import { prefixes } from './inputs'
import { eventFields, type FilterField } from './search-params'
import { useFilters } from './use-filters'

export interface FilterChoice {
  /** The fields offered; those of events, if left out. */
  fields?: readonly FilterField[]
  /** Whether properties are offered too. */
  properties?: boolean
  /** Keys of contexts, where records have one. */
  contextKeys?: readonly string[]
}

/** The filters in force, each with a button that takes it away, and one that adds another. */
export function FilterBar({
  fields = eventFields,
  properties = true,
  contextKeys = [],
  children,
}: FilterChoice & { children?: ReactNode }) {
  const { active: all, setFilter, clear } = useFilters(fields)
  const active = properties ? all : all.filter(({ field }) => !field.startsWith(prefixes.properties))
  return (
    <section className={classes.bar} aria-label="Filters">
      <AddFilter fields={fields} properties={properties} contextKeys={contextKeys} onAdd={setFilter} />
      {active.length > 0 && (
        <ul className={classes.list}>
          {active.map(({ field, label, value }) => (
            <li key={field} className={classes.chip}>
              {label} is <b title={value}>{value}</b>
              <CloseButton
                size="sm"
                aria-label={`Remove the filter ${label} is ${value}`}
                onClick={() => setFilter(field, null)}
              />
            </li>
          ))}
        </ul>
      )}
      {active.length > 1 && (
        <Button variant="subtle" size="xs" onClick={clear}>
          Remove all
        </Button>
      )}
      <div className={classes.end}>{children}</div>
    </section>
  )
}
