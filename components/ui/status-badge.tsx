import { Badge } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'

const looks = {
  pass: { icon: IconCircleCheck, tone: 'good' },
  warn: { icon: IconAlertTriangle, tone: 'warn' },
  fail: { icon: IconCircleX, tone: 'bad' },
}

/** Pass, warn or fail: an icon and a word, so that colour is never the only sign. */
export function StatusBadge({ status, label }: { status: keyof typeof looks; label?: string }) {
  const { icon: Icon, tone } = looks[status]
  return (
    <Badge
      variant="outline"
      tt="none"
      size="lg"
      leftSection={<Icon size={15} />}
      styles={{ root: { color: `var(--hf-${tone})`, borderColor: `var(--hf-${tone})`, fontWeight: 600 } }}
    >
      {label ?? status}
    </Badge>
  )
}
