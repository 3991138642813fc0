'use client'

import { Button, CloseButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { AddFilter } from './add-filter'
import classes from './filter-bar.module.css'
import { useFilters } from './use-filters'

/** The filters in force, each with a button that takes it away, and one that adds another. */
export function FilterBar({ children }: { children?: ReactNode }) {
  const { active, setFilter, clear } = useFilters()
  return (
    <section className={classes.bar} aria-label="Filters">
      <AddFilter onAdd={setFilter} />
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
