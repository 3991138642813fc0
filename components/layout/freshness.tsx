'use client'

import { ActionIcon, Tooltip } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { formatTime } from '@/components/ui/format'
import classes from './page-header.module.css'

interface FreshnessProps {
  asOf?: string
  timezone?: string
  /** The last try failed: what is shown is what was known then. */
  stale?: boolean
  fetching?: boolean
  refresh?: () => void
}

/** How fresh the page's numbers are. */
export function Freshness({ asOf, timezone = 'UTC', stale = false, fetching, refresh }: FreshnessProps) {
  return (
    <span className={classes.freshness}>
      {asOf && (
        <span style={stale ? { color: 'var(--hf-bad)' } : undefined}>
          {stale ? 'not reached since' : 'as of'} {formatTime(asOf, timezone)} {timezone}
        </span>
      )}
      {refresh && (
        <Tooltip label="Ask again now">
          <ActionIcon size="md" aria-label="Ask again now" onClick={refresh} aria-busy={fetching}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  )
}
