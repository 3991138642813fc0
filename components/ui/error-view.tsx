'use client'

import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** What a page shows when it failed: it says so, with the number that finds the cause in the log, and a way on. */
export function ErrorView({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Alert color="red" variant="outline" title="This page failed" icon={<IconAlertTriangle size={18} />}>
      <Text size="sm" mb="xs">
        The cause is in the server’s log{error.digest ? ` under ${error.digest}` : ''}. Nothing was changed.
      </Text>
      <Button size="xs" variant="default" onClick={reset}>
        Try again
      </Button>
    </Alert>
  )
}
