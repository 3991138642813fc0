import { Center, Group, Paper, Title } from '@mantine/core'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server'
import { Mark } from '@/components/layout/mark'
import { safePath } from '@/components/layout/safe-path'
import { SignInForm } from '@/components/layout/sign-in-form'
import { currentAccount } from '@/lib/access/auth'
import { databaseAway } from '@/lib/database'

export const metadata: Metadata = { title: 'Sign in' }

const loadSearch = createLoader({ callbackUrl: parseAsString, error: parseAsString })

export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { callbackUrl, error } = await loadSearch(searchParams)
  if (await currentAccount()) redirect(safePath(callbackUrl))
  const away = databaseAway()
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={380} bg="var(--hf-surface)">
        <Group gap="sm" mb="lg">
          <Mark size={30} />
          <Title order={1}>Sign in to Holdfast</Title>
        </Group>
        <SignInForm
          callbackUrl={callbackUrl ?? (away ? '/recovery/replication' : undefined)}
          error={error ?? undefined}
          away={away}
        />
      </Paper>
    </Center>
  )
}
