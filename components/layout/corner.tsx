'use client'

import { Notifications } from '@mantine/notifications'

/** Where messages stand, from the first on. */
export const Corner = () => <Notifications position="bottom-right" />
