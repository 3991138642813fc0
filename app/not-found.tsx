import { Anchor, Center, Stack, Text, Title } from '@mantine/core'
import type { Metadata } from 'next'
import { atBase } from '@/lib/http/base-path'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Center mih="100dvh" component="main" p="md">
      <Stack gap="xs" align="center" ta="center">
        <Title order={1}>There is no such page</Title>
        <Text c="dimmed">It may have moved, or the address has a slip in it.</Text>
        <Anchor href={atBase('/overview')}>Go to the overview</Anchor>
      </Stack>
    </Center>
  )
}
