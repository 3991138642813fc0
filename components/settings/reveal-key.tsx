'use client'

import { Alert, Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react'

/** A new key, the only time that it is seen. */
export function RevealKey({ secret, kind, onDone }: { secret: string; kind: string; onDone: () => void }) {
  return (
    <Stack gap="sm">
      <Alert color="yellow" variant="outline" icon={<IconAlertTriangle size={18} />} title="Copy it now">
        You will not see it again: only its hash is stored.
        {kind === 'secret' && ' It can read everything in this project; keep it on servers.'}
      </Alert>
      <Code block fz="sm" tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {secret}
      </Code>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={secret} timeout={4000}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              data-autofocus
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy the key'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>I have it</Button>
      </Group>
    </Stack>
  )
}
