'use client'

import { Select } from '@mantine/core'
import { useQueryState } from 'nuqs'
import { eventParsers, intervals } from './search-params'

const labels = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' }

/** Chooses the length of the intervals; without a choice it follows the range. */
export function IntervalControl({ used }: { used: keyof typeof labels }) {
  const [interval, setInterval] = useQueryState(
    'interval',
    eventParsers.interval.withOptions({ history: 'push' }),
  )
  return (
    <Select
      size="xs"
      w={128}
      aria-label="Interval"
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      value={interval ?? 'auto'}
      onChange={(value) => setInterval(intervals.find((one) => one === value) ?? null)}
      data={[
        { value: 'auto', label: interval ? 'Automatic' : `Auto: ${labels[used].toLowerCase()}` },
        ...intervals.map((value) => ({ value, label: labels[value] })),
      ]}
    />
  )
}
