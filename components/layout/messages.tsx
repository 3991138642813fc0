'use client'

import { useNotifications } from '@mantine/notifications'
import { later } from '@/components/ui/later'

const Corner = later<{ opened: boolean }>(() => import('./corner').then((loaded) => loaded.Corner))

/** What was done, or why it was not, in a corner of every page. */
export function Messages() {
  const { notifications } = useNotifications()
  return <Corner opened={notifications.length > 0} />
}
