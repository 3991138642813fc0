'use client'

import { ActionIcon, Tooltip } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { ReadingTime } from '@/components/analytics/reading-time'
import { formatTime } from '@/components/ui/format'
import classes from './page-header.module.css'

interface FreshnessProps {
  asOf?: string
  /** What was read; a standby is said to be one. */
  readFrom?: 'leader' | 'standby'
  timezone?: string
  /** The last try failed: what is shown is what was known then. */
  stale?: boolean
  fetching?: boolean
  refresh?: () => void
}

/** How fresh the page's numbers are, or how long until they are there. */
export function Freshness({
  asOf,
  readFrom,
  timezone = 'UTC',
  stale = false,
  fetching,
  refresh,
}: FreshnessProps) {
  return (
    <span className={classes.freshness}>
      {asOf && (
        <span style={stale ? { color: 'var(--hf-bad)' } : undefined}>
          {stale ? 'not reached since' : 'as of'} {formatTime(asOf, timezone)} {timezone}
          {readFrom === 'standby' && ', from a standby'}
        </span>
      )}
      {refresh && (
        <Tooltip label="Ask again now">
          <ActionIcon size="md" aria-label="Ask again now" onClick={refresh} aria-busy={fetching}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      <ReadingTime />
    </span>
  )
}
