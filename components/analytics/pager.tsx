'use client'

import { Button, Group } from '@mantine/core'
import { useQueryState } from 'nuqs'
import { eventParsers } from './search-params'

/** Goes through a list that is read by cursor: on to what is older, and back to the newest. */
export function Pager({ next, loading }: { next: string | null; loading: boolean }) {
  const [cursor, setCursor] = useQueryState(
    'cursor',
    eventParsers.cursor.withOptions({ history: 'push', scroll: false }),
  )
  return (
    <Group gap={6} wrap="nowrap">
      {cursor && (
        <Button size="xs" variant="default" onClick={() => setCursor(null)}>
          Newest
        </Button>
      )}
      <Button size="xs" variant="default" disabled={!next || loading} onClick={() => setCursor(next)}>
        Older
      </Button>
    </Group>
  )
}
