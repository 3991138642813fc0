'use client'

import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import Link from 'next/link'
import { RequestError } from '@/lib/http/client'

interface ProblemAlertProps {
  error: Error
  title?: string
  retry?: () => void
  retrying?: boolean
}

/** What went wrong, in the server's words, and a way on. */
export function ProblemAlert({
  error,
  title = 'This could not be loaded',
  retry,
  retrying,
}: ProblemAlertProps) {
  const status = error instanceof RequestError ? error.status : undefined
  return (
    <Alert color="red" variant="outline" title={title} icon={<IconAlertTriangle size={18} />} role="alert">
      <Text size="sm">{detailOf(error)}</Text>
      <Group mt="xs" gap="sm">
        {retry && (
          <Button size="xs" variant="default" onClick={retry} loading={retrying}>
            Try again
          </Button>
        )}
        {status === 503 && (
          <Anchor component={Link} href="/recovery/replication" size="sm">
            Recovery: see the databases
          </Anchor>
        )}
        {status === 401 && (
          <Anchor component={Link} href="/sign-in" size="sm">
            Sign in again
          </Anchor>
        )}
      </Group>
    </Alert>
  )
}

/** One line on an error: the problem's detail, or that the server was not reached. */
export function detailOf(error: Error): string {
  if (error instanceof RequestError) return error.message
  return error instanceof TypeError ? 'The server was not reached.' : 'Something went wrong on this page.'
}
