'use client'

import { Switch } from '@mantine/core'
import { useQueryState } from 'nuqs'
import { eventParsers } from './search-params'

/** Whether every number stands beside what it was in the time before. */
export function CompareSwitch() {
  const [compare, setCompare] = useQueryState(
    'compare',
    eventParsers.compare.withOptions({ history: 'push' }),
  )
  return (
    <Switch
      label="Compare with the time before"
      checked={compare === 'previous'}
      onChange={(event) => setCompare(event.currentTarget.checked ? 'previous' : 'none')}
    />
  )
}
