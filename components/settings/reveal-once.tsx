'use client'

import { Alert, Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface RevealOnceProps {
  secret: string
  /** What it is: a key, a link. */
  noun: string
  onDone: () => void
  /** What to know of it. */
  children: ReactNode
}

/** A new secret, the only time that it is seen. */
export function RevealOnce({ secret, noun, onDone, children }: RevealOnceProps) {
  return (
    <Stack gap="sm">
      <Alert color="yellow" variant="outline" icon={<IconAlertTriangle size={18} />} title="Copy it now">
        {children}
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
              {copied ? 'Copied' : `Copy the ${noun}`}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>I have it</Button>
      </Group>
    </Stack>
  )
}
