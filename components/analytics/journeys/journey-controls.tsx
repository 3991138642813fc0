'use client'

import { Select } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { CompareSwitch } from '@/components/analytics/compare-switch'
import { formatCompact } from '@/components/ui/format'
import classes from './journey-controls.module.css'
import type { JourneyAnalytics } from './journey-totals'
import { journeyParsers } from './search-params'

const ALL = 'all'
const VIEWS = 'events'
const ONE = 'journey:'

/** Chooses the journey, or page views, and the steps between which it is looked at. */
export function JourneyControls({ data }: { data?: JourneyAnalytics }) {
  const [search, setSearch] = useQueryStates(
    {
      journey: journeyParsers.journey,
      source: journeyParsers.source,
      start: journeyParsers.start,
      end: journeyParsers.end,
      cursor: journeyParsers.cursor,
    },
    { history: 'push' },
  )
  const { journey, source, start, end } = search
  const known = data?.journeys ?? []
  const names =
    journey && !known.some(({ name }) => name === journey) ? [{ name: journey, started: 0 }, ...known] : known
  const choose = (value: string) =>
    setSearch({
      journey: value.startsWith(ONE) ? value.slice(ONE.length) : null,
      source: value === VIEWS ? VIEWS : null,
      // Steps are of one journey: they do not come along.
      start: null,
      end: null,
      cursor: null,
    })
  const steps = data?.steps.map(({ name }) => name) ?? []
  return (
    <div className={classes.controls}>
      <Select
        size="xs"
        w={210}
        aria-label="Journey"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={source === VIEWS ? VIEWS : journey ? ONE + journey : ALL}
        onChange={(value) => value && choose(value)}
        data={[
          { value: ALL, label: 'All journeys' },
          ...names.map(({ name, started }) => ({
            value: ONE + name,
            label: `${name} (${formatCompact(started)})`,
          })),
          { value: VIEWS, label: 'Page views of sessions' },
        ]}
      />
      <StepSelect
        key={`start ${start}`}
        label="Start step"
        none="Any start"
        steps={steps}
        value={start}
        onChange={(value) => setSearch({ start: value })}
      />
      <StepSelect
        key={`end ${end}`}
        label="End step"
        none="Any end"
        steps={steps}
        value={end}
        onChange={(value) => setSearch({ end: value })}
      />
      <CompareSwitch />
    </div>
  )
}

interface StepSelectProps {
  label: string
  none: string
  steps: string[]
  value: string | null
  onChange: (value: string | null) => void
}

/** A step of the range; another can be typed. */
function StepSelect({ label, none, steps, value, onChange }: StepSelectProps) {
  const [typed, setTyped] = useState(value ?? '')
  const choices = new Set([...steps, value ?? '', typed])
  choices.delete('')
  return (
    <Select
      size="xs"
      w={150}
      aria-label={label}
      placeholder={none}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear the ${label.toLowerCase()}` }}
      comboboxProps={{ withinPortal: false, width: 240, position: 'bottom-start' }}
      value={value}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={onChange}
      data={[...choices]}
    />
  )
}
