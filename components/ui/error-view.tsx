'use client'

import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** What a page shows when it failed: it says so, with the number that finds the cause in the log, and a way on. */
export function ErrorView({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const missing = error.name === 'ChunkLoadError'
  return (
    <Alert
      color="red"
      variant="outline"
      title={missing ? 'A part of this page could not be fetched' : 'This page failed'}
      icon={<IconAlertTriangle size={18} />}
    >
      <Text size="sm" mb="xs">
        {missing
          ? 'Holdfast cannot be reached, or has a new version since the page was loaded.'
          : `The cause is in the server’s log${error.digest ? ` under ${error.digest}` : ''}.`}{' '}
        Nothing was changed.
      </Text>
      <Button size="xs" variant="default" onClick={missing ? () => void reload(reset) : reset}>
        Try again
      </Button>
    </Alert>
  )
}

/** What a new version has replaced never comes again: only the whole page does, and not while nobody answers. */
async function reload(orElse: () => void): Promise<void> {
  const answer = await fetch(window.location.href, { method: 'HEAD' }).catch(() => undefined)
  if (answer?.ok) window.location.reload()
  else orElse()
}
