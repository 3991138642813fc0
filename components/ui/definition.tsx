'use client'

import { ActionIcon, Popover, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'

/** What a number means, one click away. */
export function Definition({ of, children }: { of: string; children: string }) {
  return (
    <Popover width={300} withArrow shadow="md" position="bottom">
      <Popover.Target>
        <ActionIcon size="sm" aria-label={`Definition of ${of}`}>
          <IconInfoCircle size={15} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Definition of ${of}`}>
        <Text size="sm">{children}</Text>
      </Popover.Dropdown>
    </Popover>
  )
}
