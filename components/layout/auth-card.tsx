import { Center, Group, Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { AuthAtBase } from './auth-at-base'
import { Mark } from './mark'

/** What is asked of someone who is not signed in. */
export function AuthCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={380} bg="var(--hf-surface)">
        <Group gap="sm" mb="lg" wrap="nowrap">
          <Mark size={30} />
          <Title order={1}>{title}</Title>
        </Group>
        <AuthAtBase>{children}</AuthAtBase>
      </Paper>
    </Center>
  )
}
