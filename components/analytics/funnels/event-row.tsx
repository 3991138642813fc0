'use client'

import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import classes from './builder.module.css'
import type { DraftEvent } from './draft'
import { EventFilters } from './event-filters'
import { EventSelect } from './event-select'

interface EventRowProps {
  event: DraftEvent
  label: string
  onChange: (event: DraftEvent) => void
  onRemove: () => void
}

/** An event that ends a pass through the funnel. */
export function EventRow({ event, label, onChange, onRemove }: EventRowProps) {
  return (
    <li className={classes.row} aria-label={label}>
      <span className={classes.not} aria-hidden="true">
        not
      </span>
      <EventSelect label={label} value={event.name} onChange={(name) => onChange({ ...event, name })} />
      <EventFilters
        label={label}
        filters={event.filters}
        onChange={(filters) => onChange({ ...event, filters })}
      />
      <span className={classes.tools}>
        <ActionIcon size="sm" aria-label={`Remove ${label}`} onClick={onRemove}>
          <IconX size={15} />
        </ActionIcon>
      </span>
    </li>
  )
}
