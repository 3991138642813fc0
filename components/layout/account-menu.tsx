'use client'

import { ActionIcon, Button, Popover, Stack, Text } from '@mantine/core'
import { IconDevicesOff, IconLogout, IconShieldLock, IconUserCircle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { endSessions } from '@/lib/access/sessions/contract'
import { send } from '@/lib/http/client'
import { leave } from './leave'

export interface AccountInfo {
  email: string
  role: string
}

/** Who is signed in, as what, and the way out: of this browser, or of all. */
export function AccountMenu({ account }: { account: AccountInfo }) {
  const here = useMutation({ mutationFn: leave })
  const everywhere = useMutation({ mutationFn: () => send(endSessions, {}), onSuccess: leave })
  return (
    <Popover position="bottom-end" shadow="md" width={240} trapFocus>
      <Popover.Target>
        <ActionIcon size="lg" aria-label={`Account of ${account.email}`}>
          <IconUserCircle size={21} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Account">
        <Text size="sm" fw={600} truncate title={account.email}>
          {account.email}
        </Text>
        <Text size="xs" c="dimmed" mb="xs">
          Role: {account.role}
        </Text>
        <Stack gap="xs">
          <Button
            component={Link}
            href="/settings/account"
            variant="default"
            size="xs"
            fullWidth
            leftSection={<IconShieldLock size={16} />}
          >
            Password and second factor
          </Button>
          {here.error && <ProblemAlert error={here.error} title="You are still signed in" />}
          {everywhere.error && (
            <ProblemAlert error={everywhere.error} title="You are still signed in elsewhere" />
          )}
          <Button
            variant="default"
            size="xs"
            fullWidth
            leftSection={<IconLogout size={16} />}
            loading={here.isPending}
            onClick={() => here.mutate()}
          >
            Sign out
          </Button>
          <Button
            variant="subtle"
            size="xs"
            fullWidth
            leftSection={<IconDevicesOff size={16} />}
            loading={everywhere.isPending}
            onClick={() => everywhere.mutate()}
          >
            Sign out everywhere
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
