'use client'

import { Group, Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { rangeParsers } from '@/components/analytics/search-params'
import { formatCompact } from '@/components/ui/format'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { query } from '@/lib/http/client'
import classes from './builder.module.css'
import { topEventsInput } from './inputs'

interface EventSelectProps {
  label: string
  value: string
  onChange: (name: string) => void
}

/** Chooses an event by name, from the most frequent of the range; another name can be typed. */
export function EventSelect({ label, value, onChange }: EventSelectProps) {
  const [range] = useQueryStates(rangeParsers)
  const [typed, setTyped] = useState(value)
  const { data } = useQuery({ ...query(getEventAnalytics, topEventsInput(range)), staleTime: 60_000 })
  const counts = countsOf(data?.top ?? [])
  const names = [...counts.keys()]
  for (const name of [value, typed]) if (name !== '' && !counts.has(name)) names.push(name)
  return (
    <Select
      size="xs"
      className={classes.event}
      aria-label={`Event of ${label.toLowerCase()}`}
      placeholder="Choose an event"
      searchable
      allowDeselect={false}
      maxDropdownHeight={260}
      comboboxProps={{ withinPortal: false, width: 300, position: 'bottom-start' }}
      value={value || null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(name) => name && onChange(name)}
      data={[...new Set(names)]}
      renderOption={({ option }) => (
        <Group justify="space-between" wrap="nowrap" gap="sm" w="100%">
          <span className={classes.option}>{option.label}</span>
          <Text size="xs" c="dimmed" className="num">
            {counts.has(option.value) ? formatCompact(counts.get(option.value) ?? 0) : 'not in this range'}
          </Text>
        </Group>
      )}
    />
  )
}

/** Events by name: the list has a row a name and type. */
function countsOf(top: { name: string; events: number }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { name, events } of top) counts.set(name, (counts.get(name) ?? 0) + events)
  return counts
}
