'use client'

import { Notifications } from '@mantine/notifications'

/** What was done, or why it was not, in a corner of every page. */
export const Messages = () => <Notifications position="bottom-right" />
