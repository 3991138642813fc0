'use client'

import { useNotifications } from '@mantine/notifications'
import { later } from '@/components/ui/later'
import { PlainCorner } from './plain-corner'

const Corner = later<{ opened: boolean }>(
  () => import('./corner').then((loaded) => loaded.Corner),
  PlainCorner,
)

/** What was done, or why it was not, in a corner of every page. */
export function Messages() {
  const { notifications } = useNotifications()
  return <Corner opened={notifications.length > 0} />
}
