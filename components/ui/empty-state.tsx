'use client'

import { Button, Code, CopyButton, Group, Text, Title } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './panel.module.css'

/** Why there is nothing here, and the lines that change it. */
export function EmptyState({ title, children, code }: { title: string; children: ReactNode; code?: string }) {
  return (
    <section className={classes.panel} aria-label={title}>
      <Title order={2} mb={4}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb={code ? 'sm' : 0} maw={640}>
        {children}
      </Text>
      {code && <CodeLines code={code} />}
    </section>
  )
}

interface CodeLinesProps {
  code: string
  /** What the button says. */
  label?: string
  /** What the lines are, where several stand on a page: whoever hears the button hears it, too. */
  of?: string
}

/** Lines to copy. */
export function CodeLines({ code, label = 'Copy the lines', of }: CodeLinesProps) {
  return (
    <div>
      <Code block fz="xs" tabIndex={0}>
        {code}
      </Code>
      <Group mt="xs">
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="default"
              onClick={copy}
              aria-label={of && `${copied ? 'Copied' : label}: ${of}`}
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            >
              {copied ? 'Copied' : label}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  )
}
