'use client'

import { ActionIcon, Checkbox, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import classes from './builder.module.css'
import type { DraftStep } from './draft'
import { EventFilters } from './event-filters'
import { EventSelect } from './event-select'

interface StepRowProps {
  step: DraftStep
  index: number
  count: number
  onChange: (step: DraftStep) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

const LEAST_STEPS = 2

/** One step of a funnel that is being built: its event, what the event must have, and its place. */
export function StepRow({ step, index, count, onChange, onMove, onRemove }: StepRowProps) {
  const label = `Step ${index + 1}`
  const inside = index > 0 && index < count - 1
  return (
    <li className={classes.row} aria-label={label}>
      <span className={classes.number} aria-hidden="true">
        {index + 1}
      </span>
      <EventSelect label={label} value={step.name} onChange={(name) => onChange({ ...step, name })} />
      <TextInput
        size="xs"
        className={classes.label}
        aria-label={`Label of step ${index + 1}`}
        placeholder="Label, if not the name"
        maxLength={200}
        value={step.label}
        onChange={(event) => onChange({ ...step, label: event.currentTarget.value })}
      />
      <EventFilters
        label={label}
        filters={step.filters}
        onChange={(filters) => onChange({ ...step, filters })}
      />
      <span className={classes.tools}>
        {inside && (
          <Checkbox
            size="xs"
            label="Optional"
            checked={step.optional}
            onChange={(event) => onChange({ ...step, optional: event.currentTarget.checked })}
          />
        )}
        <ActionIcon
          size="sm"
          aria-label={`Move ${label} up`}
          disabled={index === 0}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp size={15} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          aria-label={`Move ${label} down`}
          disabled={index === count - 1}
          onClick={() => onMove(1)}
        >
          <IconArrowDown size={15} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          aria-label={`Remove ${label}`}
          disabled={count <= LEAST_STEPS}
          onClick={onRemove}
        >
          <IconX size={15} />
        </ActionIcon>
      </span>
    </li>
  )
}
