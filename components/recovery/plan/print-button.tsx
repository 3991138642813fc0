'use client'

import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'

/** A plan on paper works when nothing else does. */
export function PrintButton() {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPrinter size={16} />}
      onClick={() => window.print()}
      data-no-print
    >
      Print
    </Button>
  )
}
