'use client'

import { SegmentedControl } from '@mantine/core'
import { cohortIntervals } from './search-params'

type CohortInterval = (typeof cohortIntervals)[number]

const labels = { day: 'Day', week: 'Week', month: 'Month' }

/** Chooses how long a cohort's intervals are. */
export function CohortControl({
  value,
  onChange,
}: {
  value: CohortInterval
  onChange: (value: CohortInterval) => void
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Length of the intervals"
      value={value}
      onChange={(chosen) => onChange(chosen as CohortInterval)}
      data={cohortIntervals.map((one) => ({ value: one, label: labels[one] }))}
    />
  )
}
