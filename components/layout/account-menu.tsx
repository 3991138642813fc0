'use client'

import { ActionIcon, Button, Popover, Text } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'
import { signOut } from 'next-auth/react'
import { tracker } from './tracker'

export interface AccountInfo {
  email: string
  role: string
}

/** Whoever signs in next on this device is someone else. */
function leave() {
  tracker.reset()
  return signOut({ callbackUrl: '/sign-in' })
}

/** Who is signed in, as what, and the way out. */
export function AccountMenu({ account }: { account: AccountInfo }) {
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
        <Button
          variant="default"
          size="xs"
          fullWidth
          leftSection={<IconLogout size={16} />}
          onClick={() => void leave()}
        >
          Sign out
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
